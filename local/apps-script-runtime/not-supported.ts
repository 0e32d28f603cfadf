/** How everything that is not emulated is refused. */
export const notSupported = (what: string): string => `${what} is not supported by the local Apps Script runtime`;
