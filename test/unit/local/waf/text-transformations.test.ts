import { TRANSFORMATIONS } from '../../../../local/waf/text-transformations.ts';

const { LOWERCASE, NORMALIZE_PATH, URL_DECODE } = TRANSFORMATIONS;

it('normalizes a path as the site would read it', () => {
  expect(NORMALIZE_PATH('/a//b/./c')).toBe('/a/b/c');
  expect(NORMALIZE_PATH('/webhooks/../admin')).toBe('/admin');
  expect(NORMALIZE_PATH('/../admin')).toBe('/admin');
  expect(NORMALIZE_PATH('/a/')).toBe('/a/');
  expect(NORMALIZE_PATH('/a/b/..')).toBe('/a/');
  expect(NORMALIZE_PATH('/')).toBe('/');
  expect(NORMALIZE_PATH('../a')).toBe('../a');
});

it('decodes once, and leaves alone what is not encoded', () => {
  expect(URL_DECODE('..%2Fadmin%3c')).toBe('../admin<');
  expect(URL_DECODE('%252f')).toBe('%2f');
  expect(URL_DECODE('100%zz%')).toBe('100%zz%');
  expect(URL_DECODE('%C3%A9')).toBe('\u00c3\u00a9');
});

it('lowers the letters of ASCII only', () => {
  expect(LOWERCASE('Application/JSON \u00c9')).toBe('application/json \u00c9');
});
