// The audit table: loads more rows near the ends of the window, keeps the scroll position while rows are added and
// removed, and handles the keyboard.
const near = 1200;

export function attach(frame, page) {
  const scroller = frame.querySelector('.mud-table-container');
  const table = scroller.querySelector('table');
  const body = scroller.querySelector('tbody');
  const head = scroller.querySelector('thead');
  let generation = null;
  let anchor = null;
  let atTop = null;
  let loading = false;
  let focused = false;

  // MudSimpleTable passes attributes to the element around the table only.
  const attributes = { 'role': 'grid', 'aria-label': 'Events, newest first', 'aria-rowcount': '-1', 'aria-describedby': 'event-keys' };
  for (const [name, value] of Object.entries(attributes)) table.setAttribute(name, value);
  for (const part of table.children) part.setAttribute('role', 'rowgroup');

  const rows = () => body.rows;
  const top = () => scroller.getBoundingClientRect().top + head.offsetHeight;
  const find = id => body.querySelector(`tr[data-id="${id}"]`);

  // The first visible row, by binary search.
  const firstInSight = () => {
    const edge = top();
    let low = 0;
    let high = rows().length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (rows()[middle].getBoundingClientRect().bottom > edge + 1) high = middle; else low = middle + 1;
    }
    return rows()[low];
  };

  const storeAnchor = () => {
    const row = firstInSight();
    anchor = row ? { id: row.dataset.id, offset: row.getBoundingClientRect().top - top(), at: scroller.scrollTop } : null;
    const now = scroller.scrollTop < 4;
    if (now !== atTop) {
      atTop = now;
      page.invokeMethodAsync('TopAsync', now);
    }
  };

  // Identifies the loaded range. Inside a long batch, only the cursors change, not the rows.
  const loadedRange = () =>
    [body.dataset.older, body.dataset.newer, body.firstElementChild?.dataset.id, body.lastElementChild?.dataset.id].join();

  const loadMore = async () => {
    if (loading || !rows().length) return;
    const below = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;
    const method = below < near && 'older' in body.dataset ? 'OlderAsync'
      : scroller.scrollTop < near && 'newer' in body.dataset ? 'NewerAsync'
      : null;
    if (!method) return;
    loading = true;
    const before = loadedRange();
    try {
      await page.invokeMethodAsync(method);
    } finally {
      loading = false;
    }
    // Load again if the new rows don't fill the view, unless nothing was added.
    if (before !== loadedRange()) requestAnimationFrame(loadMore);
  };

  // One row is the tab stop: the given one, the current one, or the first visible one.
  const setTabStop = requested => {
    const row = requested || body.querySelector('tr[tabindex="0"]') || firstInSight() || rows()[0];
    for (const other of body.querySelectorAll('tr[tabindex="0"]')) if (other !== row) other.tabIndex = -1;
    if (row) row.tabIndex = 0;
    return row;
  };

  const scrollIntoView = row => {
    const box = row.getBoundingClientRect();
    const frame = scroller.getBoundingClientRect();
    if (box.top < top()) scroller.scrollTop -= top() - box.top;
    else if (box.bottom > frame.bottom) scroller.scrollTop += box.bottom - frame.bottom;
  };

  const focus = row => {
    if (!row) return;
    setTabStop(row);
    row.focus({ preventScroll: true });
    scrollIntoView(row);
  };

  // Runs when the window shows other events: scrolls to the requested event, with two newer rows above it.
  const begin = () => {
    generation = body.dataset.generation;
    const start = body.dataset.start && find(body.dataset.start);
    scroller.scrollTop = 0;
    if (start) scroller.scrollTop = start.getBoundingClientRect().top - top() - 2 * start.offsetHeight;
    for (const row of body.querySelectorAll('tr[tabindex="0"]')) row.tabIndex = -1;
    const row = setTabStop(start || rows()[0]);
    if (focused && row) row.focus({ preventScroll: true });
    atTop = null;
  };

  // Runs after rows were added and before they are painted.
  const observer = new MutationObserver(() => {
    if (generation !== body.dataset.generation) {
      begin();
    } else if (atTop && 'follow' in body.dataset) {
      scroller.scrollTop = 0;
      setTabStop();
    } else {
      const row = anchor && find(anchor.id);
      // Keep the distance scrolled since the anchor was stored.
      if (row) scroller.scrollTop += row.getBoundingClientRect().top - top() - (anchor.offset - (scroller.scrollTop - anchor.at));
      const tabStop = setTabStop();
      if (focused && document.activeElement === document.body && tabStop) tabStop.focus({ preventScroll: true });
    }
    storeAnchor();
    requestAnimationFrame(loadMore);
  });

  const move = (row, by) => {
    const all = [...rows()];
    focus(all[Math.min(all.length - 1, Math.max(0, all.indexOf(row) + by))]);
  };

  const onKey = event => {
    const row = event.target.closest('tr[data-id]');
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
    const page_ = Math.max(1, Math.floor((scroller.clientHeight - head.offsetHeight) / row.offsetHeight) - 1);
    const handlers = {
      ArrowDown: () => move(row, 1),
      ArrowUp: () => move(row, -1),
      PageDown: () => move(row, page_),
      PageUp: () => move(row, -page_),
      Home: () => 'newer' in body.dataset ? page.invokeMethodAsync('KeyAsync', 'Home') : focus(rows()[0]),
      End: () => 'older' in body.dataset ? page.invokeMethodAsync('KeyAsync', 'End') : focus(rows()[rows().length - 1]),
      Enter: () => row.click(),
      ' ': () => row.click(),
      Escape: () => page.invokeMethodAsync('KeyAsync', 'Escape'),
      f: () => page.invokeMethodAsync('KeyAsync', 'f')
    };
    if (handlers[event.key]) {
      event.preventDefault();
      handlers[event.key]();
    }
  };

  // In the panel of an event, the arrow keys move to the next event and Escape closes the panel.
  const onPanelKey = event => {
    const panel = event.target.closest('.event-panel');
    if (!panel || event.ctrlKey || event.metaKey || event.altKey || event.target.closest('pre') && event.key !== 'Escape') return;
    if (['ArrowUp', 'ArrowDown', 'Escape'].includes(event.key)) {
      event.preventDefault();
      page.invokeMethodAsync('KeyAsync', event.key);
    }
  };

  let waiting = false;
  const onScroll = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      storeAnchor();
      loadMore();
    });
  };
  const onFocusIn = event => { focused = true; const row = event.target.closest('tr[data-id]'); if (row) setTabStop(row); };
  // Removing a focused row leaves no related target; the table still counts as focused.
  const onFocusOut = event => { if (event.relatedTarget) focused = scroller.contains(event.relatedTarget); };

  observer.observe(body, { childList: true, attributes: true, attributeFilter: ['data-generation', 'data-older', 'data-newer'] });
  scroller.addEventListener('scroll', onScroll, { passive: true });
  scroller.addEventListener('keydown', onKey);
  scroller.addEventListener('focusin', onFocusIn);
  scroller.addEventListener('focusout', onFocusOut);
  document.addEventListener('keydown', onPanelKey);
  begin();
  storeAnchor();
  requestAnimationFrame(loadMore);

  return {
    focus: id => focus(find(id) || firstInSight()),
    reveal: id => find(id) && scrollIntoView(setTabStop(find(id))),
    detach: () => {
      observer.disconnect();
      scroller.removeEventListener('scroll', onScroll);
      scroller.removeEventListener('keydown', onKey);
      scroller.removeEventListener('focusin', onFocusIn);
      scroller.removeEventListener('focusout', onFocusOut);
      document.removeEventListener('keydown', onPanelKey);
    }
  };
}
