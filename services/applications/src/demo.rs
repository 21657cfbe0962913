//! Demo applications. Written later in this file's life by `load`.
