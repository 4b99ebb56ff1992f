// Passkeys (WebAuthn), for the sign-in page, which is a static form, and for interactive pages.
(() => {
  'use strict';

  const supported = () => !!window.PublicKeyCredential?.parseRequestOptionsFromJSON && !!window.isSecureContext;
  let waiting = null;

  // Browsers allow one ceremony at a time, so abort the pending one, such as the suggestion on the sign-in page.
  const begin = () => {
    waiting?.abort();
    waiting = new AbortController();
    return waiting.signal;
  };

  const describe = error => error.name === 'InvalidStateError' ? 'This device has a passkey for this account already.'
    : error.name === 'NotAllowedError' || error.name === 'AbortError' ? 'That was cancelled, or took too long.'
    : error.name === 'SecurityError' ? 'Passkeys do not work at this address.'
    : 'The browser could not do that.';

  const run = async ceremony => {
    if (!supported()) {
      return { problem: 'This browser does not know passkeys.' };
    }
    try {
      return { credential: JSON.stringify((await ceremony()).toJSON()) };
    } catch (error) {
      return { problem: describe(error), cancelled: error.name === 'AbortError' };
    }
  };

  const create = options => run(() => navigator.credentials.create({
    publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(JSON.parse(options)),
    signal: begin()
  }));
  const get = (options, mediation) => run(() => navigator.credentials.get({
    publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(JSON.parse(options)),
    mediation,
    signal: begin()
  }));

  // The sign-in page has a button, and suggestions in the username field if the browser supports them.
  async function signIn(form, mediation) {
    const { credential, problem, cancelled } = await get(form.dataset.passkey, mediation);
    if (credential) {
      form.elements['Passkey.Credential'].value = credential;
      form.elements['Passkey.Remember'].value = document.querySelector('[name="Form.Remember"]')?.checked ? 'true' : 'false';
      form.requestSubmit();
    } else if (mediation !== 'conditional' && !cancelled) {
      form.querySelector('[role=status]').textContent = problem;
    }
  }

  const form = document.querySelector('form[data-passkey]');
  if (form && supported()) {
    form.hidden = false;
    form.querySelector('button').addEventListener('click', () => signIn(form, 'optional'));
    PublicKeyCredential.isConditionalMediationAvailable?.().then(available => available && signIn(form, 'conditional'));
  }

  window.passkeys_ = { supported, create, get: options => get(options, 'optional') };
})();
