//! A gRPC client that knows nothing but what reflection tells it, as an internal team's tool would.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chassis::dial::{CallsConfig, Channel};
use prost_reflect::{DescriptorPool, DynamicMessage, MessageDescriptor, MethodDescriptor, SerializeOptions};
use serde_json::Value;
use tonic::{
    Request, Status,
    codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder},
};
use tonic_reflection::pb::v1::{
    ServerReflectionRequest, server_reflection_client::ServerReflectionClient,
    server_reflection_request::MessageRequest, server_reflection_response::MessageResponse,
};

/// Contracts found at some addresses.
pub struct Reflected {
    pub pool: DescriptorPool,
    pub services: Vec<String>,
    channels: BTreeMap<String, Channel>,
}

impl Reflected {
    pub async fn connect(address: &str) -> Self {
        let (scheme, place) = address.split_once("://").unwrap();
        let calls = CallsConfig {
            address: format!("{scheme}://{place}"),
            addresses: HashMap::new(),
            tls: chassis::dial::tls::TlsConfig::default(),
        };
        let dialer = chassis::dial::DialerBuilder::default().remote(&calls, "client").build();
        Self::of(vec![dialer.channel("portal").unwrap()]).await
    }

    /// Each context is called where it was found first.
    pub async fn of(places: Vec<Channel>) -> Self {
        let mut files = BTreeSet::new();
        let mut channels = BTreeMap::new();
        for channel in places {
            let MessageResponse::ListServicesResponse(list) =
                ask(&channel, MessageRequest::ListServices(String::new())).await
            else {
                panic!("reflection lists no services");
            };
            for service in list.service.into_iter().map(|service| service.name) {
                if !service.starts_with("portal.") || channels.contains_key(&service) {
                    continue;
                }
                let question = MessageRequest::FileContainingSymbol(service.clone());
                if let MessageResponse::FileDescriptorResponse(found) = ask(&channel, question).await {
                    files.extend(found.file_descriptor_proto);
                }
                channels.insert(service, channel.clone());
            }
            let common = MessageRequest::FileByFilename("portal/common/v1/common.proto".to_owned());
            if let MessageResponse::FileDescriptorResponse(found) = ask(&channel, common).await {
                files.extend(found.file_descriptor_proto);
            }
        }
        let set = prost_types::FileDescriptorSet {
            file: files.iter().map(|bytes| prost::Message::decode(bytes.as_slice()).unwrap()).collect(),
        };
        let pool = DescriptorPool::from_file_descriptor_set(set).unwrap();
        Self { pool, services: channels.keys().cloned().collect(), channels }
    }

    /// Every RPC of every service.
    pub fn methods(&self) -> Vec<MethodDescriptor> {
        self.services
            .iter()
            .flat_map(|name| self.pool.get_service_by_name(name).unwrap().methods().collect::<Vec<_>>())
            .collect()
    }

    /// Calls a unary RPC with a JSON message.
    pub async fn call(&self, rpc: &str, message: Value, token: Option<&str>) -> Result<Value, Status> {
        let (service, name) = rpc.split_once('/').unwrap();
        let service = self.pool.get_service_by_name(service).unwrap();
        let method = service.methods().find(|method| method.name() == name).unwrap();
        let message = DynamicMessage::deserialize(method.input(), message).unwrap();
        let mut request = Request::new(message);
        if let Some(token) = token {
            request.metadata_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
        }
        let mut client = tonic::client::Grpc::new(self.channels[service.full_name()].clone());
        client.ready().await.unwrap();
        let path = format!("/{rpc}").parse().unwrap();
        let answer: DynamicMessage = client.unary(request, path, Dynamic(method.output())).await?.into_inner();
        let options = SerializeOptions::new()
            .use_proto_field_name(true)
            .stringify_64_bit_integers(false)
            .skip_default_fields(false);
        Ok(answer.serialize_with_options(serde_json::value::Serializer, &options).unwrap())
    }
}

async fn ask(channel: &Channel, question: MessageRequest) -> MessageResponse {
    let request = ServerReflectionRequest { host: String::new(), message_request: Some(question) };
    let mut answers = ServerReflectionClient::new(channel.clone())
        .server_reflection_info(tokio_stream::once(request))
        .await
        .unwrap()
        .into_inner();
    answers.message().await.unwrap().unwrap().message_response.unwrap()
}

struct Dynamic(MessageDescriptor);

impl Codec for Dynamic {
    type Encode = DynamicMessage;
    type Decode = DynamicMessage;
    type Encoder = Encode;
    type Decoder = Decode;

    fn encoder(&mut self) -> Encode {
        Encode
    }

    fn decoder(&mut self) -> Decode {
        Decode(self.0.clone())
    }
}

struct Encode;

impl Encoder for Encode {
    type Item = DynamicMessage;
    type Error = Status;

    fn encode(&mut self, item: DynamicMessage, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        prost::Message::encode(&item, buffer).map_err(|error| Status::internal(error.to_string()))
    }
}

struct Decode(MessageDescriptor);

impl Decoder for Decode {
    type Item = DynamicMessage;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<DynamicMessage>, Status> {
        DynamicMessage::decode(self.0.clone(), buffer).map(Some).map_err(|error| Status::internal(error.to_string()))
    }
}
