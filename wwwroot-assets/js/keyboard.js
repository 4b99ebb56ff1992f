// The keys of the console: Ctrl K and / search, g and a letter go, ? shows them all, arrows walk through a grid.
(() => {
  'use strict';

  const pages = { o: '', u: 'users', r: 'roles', s: 'sessions', t: 'tokens', a: 'audit', h: 'system' };
  const sequencePause = 1000;
  let lastG = 0;

  const isTyping = event => event.target.closest('input:not([type=checkbox]), textarea, select, [contenteditable]') !== null;
  const hasModifier = event => event.ctrlKey || event.metaKey || event.altKey;
  const isModal = () => document.querySelector('.mud-dialog, dialog[open]') !== null;

  // A link that the page has is clicked, so that Blazor goes there without loading the document again.
  const go = page => document.querySelector(`.drawer a[href="${page}"]`)?.click();

  document.addEventListener('keydown', event => {
    if (event.key === 'k' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      window.console_.openPalette();
      return;
    }
    if (isTyping(event) || hasModifier(event) || isModal()) {
      return;
    }
    const follows = performance.now() - lastG < sequencePause;
    lastG = event.key === 'g' ? performance.now() : 0;
    if (follows && event.key in pages) {
      event.preventDefault();
      go(pages[event.key]);
    } else if (event.key === '/') {
      event.preventDefault();
      const box = document.querySelector('[data-search]');
      box ? box.focus() : window.console_.openPalette();
    } else if (event.key === '?') {
      document.querySelector('[data-keys]')?.showModal();
    } else if (event.key === 'n') {
      document.querySelector('[data-new]')?.click();
    }
  });

  // MudBlazor's data grid gives its rows no attributes: they become tab stops here.
  new MutationObserver(() => {
    for (const row of document.querySelectorAll('[data-grid="rows"] tbody > tr.mud-table-row:not([tabindex])')) {
      row.tabIndex = 0;
    }
  }).observe(document.documentElement, { childList: true, subtree: true });

  // In a grid the arrow keys go from row to row and along what a row offers; Enter opens the row, Space selects it.
  document.addEventListener('keydown', event => {
    const row = event.target.closest('[data-grid] tr[tabindex]');
    if (!row || hasModifier(event) || event.target.matches('input:not([type=checkbox]), select') || event.target.closest('.mud-popover')) {
      return;
    }
    const rows = [...row.closest('[data-grid]').querySelectorAll('tr[tabindex]')];
    const stops = [row, ...row.querySelectorAll('button, a, input')].filter(stop => stop.checkVisibility());
    const at = rows.indexOf(row), stop = stops.indexOf(event.target);
    const next = {
      ArrowDown: rows[at + 1], ArrowUp: rows[at - 1], Home: rows[0], End: rows[rows.length - 1],
      ArrowRight: stops[stop + 1], ArrowLeft: stops[stop - 1]
    }[event.key];
    const act = event.target === row && row.querySelector({ 'Enter': '[data-open]', ' ': '[data-select]' }[event.key] || 'none');
    if (next || act) {
      event.preventDefault();
      event.stopImmediatePropagation();
      (next || act)[next ? 'focus' : 'click']();
    }
  });

  // A menu of MudBlazor that was opened by mouse ignores Esc (seen in 9.12): its first item takes the key.
  document.addEventListener('keydown', event => {
    const item = document.querySelector('.mud-popover-open .mud-menu-item');
    if (event.key === 'Escape' && event.isTrusted && item && !event.target.closest('.mud-popover-open')) {
      item.focus();
      item.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
    }
  });
})();
