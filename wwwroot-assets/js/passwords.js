// Rates a new password by the rules during input. Common passwords and known breaches are checked by the server on
// submit; the password doesn't leave the page earlier.
(() => {
  'use strict';

  const longEnough = 15, fewKinds = 6;

  const judge = (password, minimum) => {
    const missing = minimum - password.length;
    return password === '' ? ['', '']
      : missing > 0 ? ['weak', missing === 1 ? '1 more character' : `${missing} more characters`]
      : !/\p{L}/u.test(password) ? ['weak', 'Add a letter']
      : !/\p{Nd}/u.test(password) ? ['weak', 'Add a number']
      : new Set(password).size < fewKinds ? ['weak', 'Too repetitive: easy to guess']
      : password.length < longEnough ? ['fair', `Fair. ${longEnough} or more characters are stronger`]
      : ['good', 'Good length'];
  };

  document.addEventListener('input', event => {
    const input = event.target.closest('input[data-minimum]');
    const note = input?.closest('.form-field').querySelector('.strength');
    if (note) {
      [note.dataset.strength, note.textContent] = judge(input.value, Number(input.dataset.minimum));
    }
  });
})();
