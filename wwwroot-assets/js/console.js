// Functions that need no circuit: theme, drawer, palette and clipboard. Every page loads this file; there are no inline
// scripts.
(() => {
  'use strict';

  // Local storage is optional: if it is unavailable, nothing is stored.
  const storage = use => { try { return use(window.localStorage); } catch { return null; } };
  const root = document.documentElement;

  // The server reads this cookie and renders the chosen theme, so that the page doesn't flash. Without the cookie, the
  // system's theme applies.
  function chooseTheme(theme) {
    const secure = location.protocol === 'https:' ? '; Secure' : '';
    const age = theme === 'system' ? 0 : 60 * 60 * 24 * 365;
    document.cookie = `theme=${theme}; Path=${new URL(document.baseURI).pathname}; Max-Age=${age}; SameSite=Lax${secure}`;
    theme === 'system' ? delete root.dataset.theme : root.dataset.theme = theme;
  }

  // On a wide screen, the drawer is pinned or a rail of icons. On a narrow one, it opens over the page.
  const isNarrow = () => window.matchMedia('(max-width: 959px)').matches;
  if (storage(store => store.getItem('drawer')) === 'mini') {
    root.dataset.drawer = 'mini';
  }

  if (storage(store => store.getItem('density')) === 'compact') {
    root.dataset.density = 'compact';
  }

  function chooseDensity(density) {
    density === 'compact' ? root.dataset.density = density : delete root.dataset.density;
    storage(store => store.setItem('density', density));
  }

  function toggleDrawer(open) {
    if (isNarrow()) {
      const opens = open ?? !('drawerOpen' in root.dataset);
      opens ? root.dataset.drawerOpen = '' : delete root.dataset.drawerOpen;
      document.getElementById('content').inert = opens;
      document.querySelector(opens ? '.drawer a' : '[data-toggle-drawer]')?.focus();
    } else {
      const isMini = root.dataset.drawer !== 'mini';
      isMini ? root.dataset.drawer = 'mini' : delete root.dataset.drawer;
      storage(store => store.setItem('drawer', isMini ? 'mini' : 'pinned'));
    }
  }

  const closeDrawer = () => 'drawerOpen' in root.dataset && toggleDrawer(false);

  function openPalette() {
    const palette = document.querySelector('[data-palette]');
    if (palette && !palette.open && !document.querySelector('.mud-dialog')) {
      palette.showModal();
      palette.querySelector('input').select();
    }
  }

  document.addEventListener('click', event => {
    const closest = selector => event.target.closest(selector);
    if (closest('[data-theme-choice]')) {
      chooseTheme(closest('[data-theme-choice]').dataset.themeChoice);
    } else if (closest('[data-density-choice]')) {
      chooseDensity(closest('[data-density-choice]').dataset.densityChoice);
    } else if (closest('[data-toggle-drawer]')) {
      toggleDrawer();
    } else if (closest('[data-open-palette]')) {
      openPalette();
    } else if (closest('[data-show-keys]')) {
      document.querySelector('[data-keys]').showModal();
    } else if (closest('[data-reload]')) {
      location.reload();
    } else if (closest('[data-copy]')) {
      copyBeside(closest('[data-copy]'));
    } else if (event.target.matches('dialog.palette')) {
      event.target.close();
    } else if (!closest('[data-toggle-drawer], .drawer') || closest('.drawer a')) {
      closeDrawer();
    }
    closeMenus(menu => !menu.contains(event.target) || closest('a, [data-show-keys]'));
    closest('button[type=button].menu-item') && closeMenus(() => true, true);
  });
  document.addEventListener('submit', event => closeMenus(menu => menu.contains(event.target), true));

  // Closes open menus (<details> elements), and returns the focus to the opener if requested.
  function closeMenus(which, refocus) {
    for (const menu of [...document.querySelectorAll('details[data-menu][open]')].filter(which)) {
      menu.open = false;
      refocus && menu.querySelector('summary').focus();
    }
  }

  document.addEventListener('keydown', event => {
    if (event.key === 'Escape') {
      closeMenus(() => true, true);
      closeDrawer();
    }
  });

  // Returns false if the browser refuses, for example because a page over plain HTTP has no clipboard access.
  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return false;
    }
  }

  // Clears the secret from the clipboard after 30 seconds, unless something else was copied since. If the browser
  // doesn't allow reading the clipboard, clears it only if this page kept the focus.
  async function copySecret(text) {
    if (!await copy(text)) {
      return false;
    }
    let elsewhere = false;
    const note = () => { elsewhere = true; };
    window.addEventListener('blur', note, { once: true });
    document.addEventListener('copy', note, { once: true });
    setTimeout(async () => {
      window.removeEventListener('blur', note);
      document.removeEventListener('copy', note);
      try {
        const allowed = await navigator.permissions.query({ name: 'clipboard-read' })
          .then(permission => permission.state === 'granted', () => false);
        if (allowed ? await navigator.clipboard.readText() === text : !elsewhere) {
          await navigator.clipboard.writeText('');
        }
      } catch {
        // The browser refuses, for example because the page lost the focus.
      }
    }, 30000);
    return true;
  }

  function save(name, text) {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  // Copies the text next to the button. If the browser refuses (plain HTTP), selects the text instead.
  async function copyBeside(button) {
    const text = button.parentElement.querySelector('code');
    if (await copy(text.textContent)) {
      button.textContent = 'Copied';
      setTimeout(() => { button.textContent = 'Copy'; }, 2000);
    } else {
      window.getSelection().selectAllChildren(text);
    }
  }

  // Focuses an element that is rendered within the next frames.
  function focusSoon(selector, tries = 60) {
    const element = document.querySelector(selector);
    element ? element.focus() : tries > 0 && requestAnimationFrame(() => focusSoon(selector, tries - 1));
  }

  window.console_ = {
    focusSoon,
    copy,
    copySecret,
    save,
    download: url => Object.assign(document.createElement('a'), { href: url, download: '' }).click(),
    print: () => window.print(),
    openPalette,
    closePalette: () => document.querySelector('[data-palette]')?.close(),
    zone: () => ({ name: Intl.DateTimeFormat().resolvedOptions().timeZone, minutes: -new Date().getTimezoneOffset() }),
    isVisible: () => document.visibilityState === 'visible',
    keep: (name, value) => storage(store => store.setItem(name, value)),
    recall: name => storage(store => store.getItem(name))
  };
})();
