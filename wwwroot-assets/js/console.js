// What needs no circuit: the colours, the search key, copying. Loaded by every page; no inline script anywhere.
(() => {
  'use strict';

  const year = 60 * 60 * 24 * 365;
  const dark = () => window.matchMedia('(prefers-color-scheme: dark)').matches;
  const chosen = () => document.documentElement.dataset.theme || (dark() ? 'dark' : 'light');

  // The server reads the cookie and sends the right style sheet, so the choice needs a reload but never flashes.
  document.addEventListener('click', event => {
    if (event.target.closest('[data-toggle-theme]')) {
      const secure = location.protocol === 'https:' ? '; Secure' : '';
      document.cookie = `theme=${chosen() === 'dark' ? 'light' : 'dark'}; Path=/; Max-Age=${year}; SameSite=Lax${secure}`;
      location.reload();
    }
  });

  // "/" jumps to the page's search box, as people expect of a list.
  document.addEventListener('keydown', event => {
    const typing = event.target.closest('input, textarea, select, [contenteditable]');
    if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const search = document.querySelector('[data-search]');
      if (search) {
        event.preventDefault();
        search.focus();
      }
    }
  });

  window.console_ = {
    copy: text => navigator.clipboard.writeText(text)
  };
})();
