// Where the account is kept: the Keychain or EncryptedSharedPreferences of a real phone. `phone.js` fills it before the app starts.
let account = null;
let listener = () => {};

export function saveAccount(next) {
  account = next;
  listener(next);
}

export function loadAccount() {
  return account;
}

export function onAccountChanged(next) {
  listener = next;
}
