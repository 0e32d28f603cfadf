/** What scrolls can be scrolled with the keyboard as well, and is no stop for it where it does not. */
export function keepScrollable(regions: Iterable<HTMLElement>): void {
  for (const region of regions) {
    const look = () => {
      region.tabIndex = region.scrollHeight > region.clientHeight ? 0 : -1;
    };
    new ResizeObserver(look).observe(region);
    new MutationObserver(look).observe(region, { childList: true, subtree: true, characterData: true });
    look();
  }
}
