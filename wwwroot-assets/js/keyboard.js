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
    // Tab lists the actions for the person chosen in the palette; the focus stays.
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

  // A row is one tab stop: itself, or its link where a component draws the row.
  const rowsOf = grid => [...grid.querySelectorAll('tr[tabindex], tr:has([data-row])')];
  const stopOf = row => row && (row.matches('[tabindex]') ? row : row.querySelector('[data-row]'));

  // In a grid the arrow keys go from row to row and along what a row offers; Enter opens the row, Space selects it.
  document.addEventListener('keydown', event => {
    const row = event.target.closest('[data-grid] tr');
    const rows = row ? rowsOf(row.closest('[data-grid]')) : [];
    if (!rows.includes(row) || hasModifier(event) || event.target.matches('input:not([type=checkbox]), select') || event.target.closest('.mud-popover')) {
      return;
    }
    const main = stopOf(row);
    const stops = [main, ...[...row.querySelectorAll('button, a, input')].filter(stop => stop !== main && stop.checkVisibility())];
    const at = rows.indexOf(row), stop = stops.indexOf(event.target);
    const next = {
      ArrowDown: stopOf(rows[at + 1]), ArrowUp: stopOf(rows[at - 1]), Home: stopOf(rows[0]), End: stopOf(rows[rows.length - 1]),
      ArrowRight: stops[stop + 1], ArrowLeft: stops[stop - 1]
    }[event.key];
    // A link opens by itself.
    const act = event.target === main && row.querySelector({ 'Enter': main === row ? '[data-open]' : '', ' ': '[data-select]' }[event.key] || 'none');
    if (next || act) {
      event.preventDefault();
      event.stopImmediatePropagation();
      (next || act)[next ? 'focus' : 'click']();
    }
  });

  // Beside a grid, the panel of one row: the arrow keys go to the previous and the next row, Esc closes it.
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

  // A popover that the server draws: placed beside its anchor, closed by Esc or a click elsewhere.
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
  document.addEventListener('pointerdown', event => !event.target.closest('[data-popover], .mud-dialog-container, .mud-snackbar') && closePopover());

  const focus = selector => document.querySelector(selector)?.focus();
  Object.assign(window.console_, {
    openPopover,
    focus,
    // When a panel goes: it is told just before or just after the panel is gone.
    focusFromPanel: selector => document.activeElement.matches('body, [data-panel], [data-panel] *') && focus(selector)
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
