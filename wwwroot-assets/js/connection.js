// Reloads a page that has lost its circuit, because the server restarted or another node took over. The URL restores
// the position, the filters and the search. Doesn't reload over unfinished work: an open dialog may show a secret that
// can't be shown again, and form input would be lost. In that case, the reconnect bar stays visible.
(() => {
  'use strict';

  const pause = milliseconds => new Promise(done => setTimeout(done, milliseconds));
  const typed = new Set();
  document.addEventListener('input', event => event.target.closest('form') && typed.add(event.target));
  document.addEventListener('submit', event => typed.forEach(field => event.target.contains(field) && typed.delete(field)));

  const isBusy = () => document.querySelector('.mud-dialog') !== null || [...typed].some(field => field.isConnected);

  // A random delay spreads the reloads of many clients.
  async function reloadUnlessBusy() {
    await pause(Math.random() * 1000);
    if (!isBusy()) {
      location.reload();
    }
  }

  async function reloadWhenBack() {
    let isBack = false;
    while (!isBack) {
      await pause(5000);
      isBack = await fetch(new URL('health/ready', document.baseURI), { cache: 'no-store' }).then(response => response.ok, () => false);
    }
    await reloadUnlessBusy();
  }

  document.addEventListener('DOMContentLoaded', () => {
    const bar = document.getElementById('components-reconnect-modal');
    let isLeaving = false;
    const update = () => {
      const isCut = /components-reconnect-(show|retrying|paused|failed|rejected)/.test(bar.className);
      document.documentElement.toggleAttribute('data-connection', isCut);
      // Remove secrets from the page when the connection is lost; the server clears them, too.
      isCut && document.querySelectorAll('[data-secret]').forEach(element => element.replaceChildren());
      const isRejected = bar.classList.contains('components-reconnect-rejected');
      if (!isLeaving && (isRejected || bar.classList.contains('components-reconnect-failed'))) {
        isLeaving = true;
        (isRejected ? reloadUnlessBusy : reloadWhenBack)();
      }
    };
    if (bar) {
      new MutationObserver(update).observe(bar, { attributeFilter: ['class'] });
    }
  });
})();
