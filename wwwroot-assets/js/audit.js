// The audit table's window: asks for more near its ends, keeps what is being read in place while rows come and go, and moves by keyboard.
const near = 1200;

export function attach(frame, page) {
  const scroller = frame.querySelector('.mud-table-container');
  const table = scroller.querySelector('table');
  const body = scroller.querySelector('tbody');
  const head = scroller.querySelector('thead');
  let generation = null;
  let anchor = null;
  let atTop = null;
  let asking = false;
  let focused = false;

  // MudSimpleTable passes attributes to the element around the table only.
  const attributes = { 'role': 'grid', 'aria-label': 'Events, newest first', 'aria-rowcount': '-1', 'aria-describedby': 'event-keys' };
  for (const [name, value] of Object.entries(attributes)) table.setAttribute(name, value);
  for (const part of table.children) part.setAttribute('role', 'rowgroup');

  const rows = () => body.rows;
  const top = () => scroller.getBoundingClientRect().top + head.offsetHeight;
  const find = id => body.querySelector(`tr[data-id="${id}"]`);

  // The first row in sight; rows are in order, so halving finds it.
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

  const remember = () => {
    const row = firstInSight();
    anchor = row ? { id: row.dataset.id, offset: row.getBoundingClientRect().top - top(), at: scroller.scrollTop } : null;
    const now = scroller.scrollTop < 4;
    if (now !== atTop) {
      atTop = now;
      page.invokeMethodAsync('TopAsync', now);
    }
  };

  // The range of loaded events. In a long batch only the cursor changes, not the line.
  const held = () => [body.dataset.older, body.dataset.newer, body.firstElementChild?.dataset.id, body.lastElementChild?.dataset.id].join();

  const ask = async () => {
    if (asking || !rows().length) return;
    const below = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;
    const wish = below < near && 'older' in body.dataset ? 'OlderAsync' : scroller.scrollTop < near && 'newer' in body.dataset ? 'NewerAsync' : null;
    if (!wish) return;
    asking = true;
    const before = held();
    try {
      await page.invokeMethodAsync(wish);
    } finally {
      asking = false;
    }
    // Few rows may not reach beyond the edge; but nothing is asked for twice that did not come.
    if (before !== held()) requestAnimationFrame(ask);
  };

  // One row can be reached by Tab: the one last moved to, else the first in sight.
  const settle = wanted => {
    const row = wanted || body.querySelector('tr[tabindex="0"]') || firstInSight() || rows()[0];
    for (const other of body.querySelectorAll('tr[tabindex="0"]')) if (other !== row) other.tabIndex = -1;
    if (row) row.tabIndex = 0;
    return row;
  };

  const bringIntoSight = row => {
    const box = row.getBoundingClientRect();
    const frame = scroller.getBoundingClientRect();
    if (box.top < top()) scroller.scrollTop -= top() - box.top;
    else if (box.bottom > frame.bottom) scroller.scrollTop += box.bottom - frame.bottom;
  };

  const focus = row => {
    if (!row) return;
    settle(row);
    row.focus({ preventScroll: true });
    bringIntoSight(row);
  };

  // Other events are shown: those asked for come into sight, with a little of what came after above them.
  const begin = () => {
    generation = body.dataset.generation;
    const start = body.dataset.start && find(body.dataset.start);
    scroller.scrollTop = 0;
    if (start) scroller.scrollTop = start.getBoundingClientRect().top - top() - 2 * start.offsetHeight;
    for (const row of body.querySelectorAll('tr[tabindex="0"]')) row.tabIndex = -1;
    const row = settle(start || rows()[0]);
    if (focused && row) row.focus({ preventScroll: true });
    atTop = null;
  };

  // Runs after the new rows are there and before they are painted.
  const observer = new MutationObserver(() => {
    if (generation !== body.dataset.generation) {
      begin();
    } else if (atTop && 'follow' in body.dataset) {
      scroller.scrollTop = 0;
      settle();
    } else {
      const row = anchor && find(anchor.id);
      // What was scrolled since, before anybody was told, stays scrolled.
      if (row) scroller.scrollTop += row.getBoundingClientRect().top - top() - (anchor.offset - (scroller.scrollTop - anchor.at));
      const reachable = settle();
      if (focused && document.activeElement === document.body && reachable) reachable.focus({ preventScroll: true });
    }
    remember();
    requestAnimationFrame(ask);
  });

  const move = (row, by) => {
    const all = [...rows()];
    focus(all[Math.min(all.length - 1, Math.max(0, all.indexOf(row) + by))]);
  };

  const onKey = event => {
    const row = event.target.closest('tr[data-id]');
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
    const page_ = Math.max(1, Math.floor((scroller.clientHeight - head.offsetHeight) / row.offsetHeight) - 1);
    const acts = {
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
    if (acts[event.key]) {
      event.preventDefault();
      acts[event.key]();
    }
  };

  // Where details are open, the arrows go from event to event and Escape closes them, wherever in them the focus is.
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
      remember();
      ask();
    });
  };
  const onFocusIn = event => { focused = true; const row = event.target.closest('tr[data-id]'); if (row) settle(row); };
  // Where a focused row is taken away, the focus goes nowhere; that is no wish to leave.
  const onFocusOut = event => { if (event.relatedTarget) focused = scroller.contains(event.relatedTarget); };

  observer.observe(body, { childList: true, attributes: true, attributeFilter: ['data-generation', 'data-older', 'data-newer'] });
  scroller.addEventListener('scroll', onScroll, { passive: true });
  scroller.addEventListener('keydown', onKey);
  scroller.addEventListener('focusin', onFocusIn);
  scroller.addEventListener('focusout', onFocusOut);
  document.addEventListener('keydown', onPanelKey);
  begin();
  remember();
  requestAnimationFrame(ask);

  return {
    focus: id => focus(find(id) || firstInSight()),
    reveal: id => find(id) && bringIntoSight(settle(find(id))),
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
