// Where news of the network comes from: @react-native-community/netinfo on a real phone. `phone.js` fills it.
let listener = () => {};

export function networkChanged(network) {
  listener(network);
}

export function onNetworkChanged(next) {
  listener = next;
}
