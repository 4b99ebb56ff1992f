// What needs no circuit: the colours, the search key, copying. Loaded by every page; no inline script anywhere.
(() => {
  'use strict';

  const year = 60 * 60 * 24 * 365;
  const dark = () => window.matchMedia('(prefers-color-scheme: dark)').matches;
  const chosen = () => document.documentElement.dataset.theme || (dark() ? 'dark' : 'light');

  // The server reads the cookie and sends the right style sheet, so a change of colours needs a reload but never flashes.
  document.addEventListener('click', event => {
    if (event.target.closest('[data-toggle-theme]')) {
      const secure = location.protocol === 'https:' ? '; Secure' : '';
      document.cookie = `theme=${chosen() === 'dark' ? 'light' : 'dark'}; Path=/; Max-Age=${year}; SameSite=Lax${secure}`;
      location.reload();
    } else if (event.target.closest('[data-reload]')) {
      location.reload();
    }
  });

  // Ctrl K finds from anywhere; "/" too, unless the page has a search box of its own.
  document.addEventListener('keydown', event => {
    const typing = event.target.closest('input, textarea, select, [contenteditable]');
    const everywhere = document.querySelector('[data-search-everywhere]');
    const finds = event.key === 'k' && (event.ctrlKey || event.metaKey);
    const slash = event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey;
    const box = finds ? everywhere : slash ? document.querySelector('[data-search]') || everywhere : null;
    if (box) {
      event.preventDefault();
      box.focus();
    }
  });

  // A secret stays in the clipboard for half a minute, unless something else was copied since. Where the browser lets nobody look, that
  // is only certain while this page kept the focus.
  async function copySecret(text) {
    await navigator.clipboard.writeText(text);
    let elsewhere = false;
    const note = () => { elsewhere = true; };
    window.addEventListener('blur', note, { once: true });
    document.addEventListener('copy', note, { once: true });
    setTimeout(async () => {
      window.removeEventListener('blur', note);
      document.removeEventListener('copy', note);
      try {
        const allowed = await navigator.permissions.query({ name: 'clipboard-read' }).then(answer => answer.state === 'granted', () => false);
        if (allowed ? await navigator.clipboard.readText() === text : !elsewhere) {
          await navigator.clipboard.writeText('');
        }
      } catch {
        // The browser does not allow it now.
      }
    }, 30000);
  }

  window.console_ = {
    copy: text => navigator.clipboard.writeText(text),
    copySecret
  };
})();
