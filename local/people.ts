/** Who edits the local sheet. */
export const RELEASE_MANAGER = 'release.manager@example.com';
export const INTERN = 'intern@example.com';
