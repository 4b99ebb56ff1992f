// A page whose server is gone for good (another node answers now, or the same one after a restart) is loaded again by itself, at its address, which knows the place, the filters and the
// search. Not over unfinished work: an open dialog may show a secret that nobody can see again, and what was typed into a form would be lost. Then the bar on top says so.
(() => {
  'use strict';

  const pause = milliseconds => new Promise(done => setTimeout(done, milliseconds));
  const typed = new Set();
  document.addEventListener('input', event => event.target.closest('form') && typed.add(event.target));
  document.addEventListener('submit', event => typed.forEach(field => event.target.contains(field) && typed.delete(field)));

  const isBusy = () => document.querySelector('.mud-dialog') !== null || [...typed].some(field => field.isConnected);

  // Not everybody in the same moment.
  async function goOn() {
    await pause(Math.random() * 1000);
    if (!isBusy()) {
      location.reload();
    }
  }

  async function goOnWhenBack() {
    let isBack = false;
    while (!isBack) {
      await pause(5000);
      isBack = await fetch(new URL('health/ready', document.baseURI), { cache: 'no-store' }).then(answer => answer.ok, () => false);
    }
    await goOn();
  }

  document.addEventListener('DOMContentLoaded', () => {
    const bar = document.getElementById('components-reconnect-modal');
    let isLeaving = false;
    const look = () => {
      const isCut = /components-reconnect-(show|retrying|paused|failed|rejected)/.test(bar.className);
      document.documentElement.toggleAttribute('data-connection', isCut);
      // What is shown once leaves the page with the connection; the server drops it too.
      isCut && document.querySelectorAll('[data-secret]').forEach(element => element.replaceChildren());
      const isRejected = bar.classList.contains('components-reconnect-rejected');
      if (!isLeaving && (isRejected || bar.classList.contains('components-reconnect-failed'))) {
        isLeaving = true;
        (isRejected ? goOn : goOnWhenBack)();
      }
    };
    if (bar) {
      new MutationObserver(look).observe(bar, { attributeFilter: ['class'] });
    }
  });
})();
