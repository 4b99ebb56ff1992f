// Static pages: shows a password on request, warns about Caps Lock, and focuses the error summary.
(() => {
  'use strict';

  document.querySelector('[data-error-summary]')?.focus();

  for (const button of document.querySelectorAll('[data-show-password]')) {
    const input = button.parentElement.querySelector('input');
    const show = shown => {
      input.type = shown ? 'text' : 'password';
      button.firstChild.textContent = shown ? 'Hide' : 'Show';
    };
    button.hidden = false;
    button.addEventListener('click', () => {
      show(input.type === 'password');
      input.focus();
    });
    // Browsers offer to save a password only if its input has the type password on submit.
    input.form.addEventListener('submit', () => show(false));
  }

  function noteCapsLock(event) {
    const note = event.target.closest?.('.form-field')?.querySelector('.caps-lock');
    if (note && event.getModifierState) {
      note.textContent = event.getModifierState('CapsLock') ? 'Caps Lock is on' : '';
    }
  }

  document.addEventListener('keydown', noteCapsLock);
  document.addEventListener('keyup', noteCapsLock);
})();
