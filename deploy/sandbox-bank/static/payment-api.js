// The bank's payment library: `halyk.pay(order)` leads the browser to the hosted payment page.
(() => {
  const base = "BASE_URL";
  window.halyk = {
    pay(order) {
      window.location.assign(`${base}/payform/?params=${encodeURIComponent(JSON.stringify(order))}`);
    },
  };
})();
