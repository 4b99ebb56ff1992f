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
      document.cookie = `theme=${chosen() === 'dark' ? 'light' : 'dark'}; Path=${new URL(document.baseURI).pathname}; Max-Age=${year}; SameSite=Lax${secure}`;
      location.reload();
    } else if (event.target.closest('[data-reload]')) {
      location.reload();
    } else if (event.target.closest('[data-copy]')) {
      copyBeside(event.target.closest('[data-copy]'));
    }
    closeMenus(menu => !menu.contains(event.target));
  });

  // A menu that is a <details> closes like one.
  const closeMenus = which => [...document.querySelectorAll('details[data-menu][open]')].filter(which).forEach(menu => menu.open = false);
  document.addEventListener('keydown', event => event.key === 'Escape' && closeMenus(() => true));

  // Radzen closes its dialogs by Esc, but not the panel at the side.
  document.addEventListener('keydown', event => {
    if (event.key === 'Escape' && !document.querySelector('.rz-dialog-wrapper')) {
      document.querySelector('.rz-dialog-side-titlebar-close')?.click();
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

  // In a grid the arrow keys go from row to row and along what a row offers; Enter opens the row, Space selects it.
  document.addEventListener('keydown', event => {
    // Radzen's own keys, which mark cells and can't open or select, start at the grid around the rows.
    const grid = event.target.closest('.rz-data-grid [tabindex]:has(tr[tabindex])');
    const row = event.target.closest('.rz-data-grid tr[tabindex]') || (grid && event.key === 'ArrowDown' ? grid : null);
    if (!row || event.ctrlKey || event.metaKey || event.altKey || event.target.matches('input:not([type=checkbox]), select')) {
      return;
    }
    const rows = [...row.closest('.rz-data-grid').querySelectorAll('tr[tabindex]')];
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

  // What a page keeps in this browser is a convenience: where storage is switched off, nothing is kept.
  const storage = use => { try { return use(window.localStorage); } catch { return null; } };

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

  function save(name, text) {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  // Copies the text beside the button; where the browser lets nobody copy (plain http), it is at least selected.
  async function copyBeside(button) {
    const text = button.parentElement.querySelector('code');
    try {
      await navigator.clipboard.writeText(text.textContent);
      button.textContent = 'Copied';
      setTimeout(() => { button.textContent = 'Copy'; }, 2000);
    } catch {
      window.getSelection().selectAllChildren(text);
    }
  }

  window.console_ = {
    copy: text => navigator.clipboard.writeText(text),
    copySecret,
    save,
    isVisible: () => document.visibilityState === 'visible',
    keep: (name, value) => storage(store => store.setItem(name, value)),
    recall: name => storage(store => store.getItem(name))
  };
})();
