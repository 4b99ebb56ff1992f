// Keyboard shortcuts: Ctrl K and / search, g and a letter navigate, ? lists the shortcuts, arrow keys move in a grid.
(() => {
  'use strict';

  const pages = { o: '', u: 'users', r: 'roles', s: 'sessions', t: 'tokens', a: 'audit', h: 'system' };
  const sequencePause = 1000;
  let lastG = 0;

  const isTyping = event => event.target.closest('input:not([type=checkbox]), textarea, select, [contenteditable]') !== null;
  const hasModifier = event => event.ctrlKey || event.metaKey || event.altKey;
  const isModal = () => document.querySelector('.mud-dialog, dialog[open]') !== null;

  // Clicks the link of the drawer, so that Blazor navigates without reloading the document.
  const go = page => document.querySelector(`.drawer a[href="${page}"]`)?.click();

  document.addEventListener('keydown', event => {
    if (event.key === 'k' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      window.console_.openPalette();
      return;
    }
    // Tab lists the actions for the selected user of the palette; the focus stays.
    if (event.key === 'Tab' && !event.shiftKey && event.target.closest('[data-offers-actions]')) {
      event.preventDefault();
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

  // A row is one tab stop: the row itself, or its link in a MudDataGrid.
  const rowsOf = grid => [...grid.querySelectorAll('tr[tabindex], tr:has([data-row])')];
  const stopOf = row => row && (row.matches('[tabindex]') ? row : row.querySelector('[data-row]'));

  // In a grid, the arrow keys move between rows and between the controls of a row; Enter opens the row, Space selects.
  document.addEventListener('keydown', event => {
    const row = event.target.closest('[data-grid] tr');
    const rows = row ? rowsOf(row.closest('[data-grid]')) : [];
    if (!rows.includes(row) || hasModifier(event) || event.target.matches('input:not([type=checkbox]), select')
      || event.target.closest('.mud-popover')) {
      return;
    }
    const main = stopOf(row);
    const stops = [main, ...[...row.querySelectorAll('button, a, input')].filter(stop => stop !== main && stop.checkVisibility())];
    const at = rows.indexOf(row), stop = stops.indexOf(event.target);
    const next = {
      ArrowDown: stopOf(rows[at + 1]), ArrowUp: stopOf(rows[at - 1]), Home: stopOf(rows[0]), End: stopOf(rows[rows.length - 1]),
      ArrowRight: stops[stop + 1], ArrowLeft: stops[stop - 1]
    }[event.key];
    // Enter on a link is left to the browser.
    const clicked = event.target === main
      && row.querySelector({ 'Enter': main === row ? '[data-open]' : '', ' ': '[data-select]' }[event.key] || 'none');
    if (next || clicked) {
      event.preventDefault();
      event.stopImmediatePropagation();
      (next || clicked)[next ? 'focus' : 'click']();
    }
  });

  // In the panel beside a grid, the arrow keys open the previous or next row, and Esc closes the panel.
  document.addEventListener('keydown', event => {
    const panel = document.querySelector('[data-panel]');
    if (!panel || isModal() || hasModifier(event) || document.querySelector('.mud-popover-open, [data-popover], :popover-open')) {
      return;
    }
    if (event.key === 'Escape') {
      panel.querySelector('[data-close-panel]').click();
    } else if (panel.contains(event.target) && !isTyping(event) && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      const rows = [...document.querySelectorAll('[data-grid] [data-row]')];
      const next = rows[rows.findIndex(row => row.dataset.row === panel.dataset.panel) + (event.key === 'ArrowDown' ? 1 : -1)];
      if (next) {
        event.preventDefault();
        next.click();
      }
    }
  });

  // A popover rendered by the server: placed next to its anchor, closed by Esc or a click elsewhere.
  const popover = () => document.querySelector('[data-popover]');
  const closePopover = () => popover()?.querySelector('[data-popover-close]').click();
  function openPopover() {
    const box = popover(), anchor = box && document.querySelector(box.dataset.anchor);
    if (box) {
      const at = (anchor ?? document.body).getBoundingClientRect(), margin = 8;
      const below = at.bottom + 4 + box.offsetHeight + margin <= window.innerHeight;
      box.style.top = `${Math.max(margin, below ? at.bottom + 4 : at.top - box.offsetHeight - 4)}px`;
      box.style.left = `${Math.max(margin, Math.min(at.left, window.innerWidth - box.offsetWidth - margin))}px`;
      box.toggleAttribute('data-placed', true);
      (box.querySelector('input:not(:disabled)') ?? box.querySelector('button')).focus();
    }
  }
  document.addEventListener('keydown', event => event.key === 'Escape' && !isModal() && closePopover());
  document.addEventListener('pointerdown', event =>
    !event.target.closest('[data-popover], .mud-dialog-container, .mud-snackbar') && closePopover());

  const focus = selector => document.querySelector(selector)?.focus();
  Object.assign(window.console_, {
    openPopover,
    focus,
    // Called when a panel closes, shortly before or after its elements are removed.
    focusFromPanel: selector => document.activeElement.matches('body, [data-panel], [data-panel] *') && focus(selector)
  });

  // A MudMenu opened by mouse ignores Esc (as of MudBlazor 9.12), so send the key to its first item.
  document.addEventListener('keydown', event => {
    const item = document.querySelector('.mud-popover-open .mud-menu-item');
    if (event.key === 'Escape' && event.isTrusted && item && !event.target.closest('.mud-popover-open')) {
      item.focus();
      item.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
    }
  });
})();
