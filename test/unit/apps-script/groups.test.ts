import { eachNight, MANAGER, type Night } from './night.ts';

/** One row that names several services; through the built Code.js. */

let night: Night;
eachNight((made) => {
  night = made;
  night.set(2, 'Service', 'Storefront');
});

const result = () => String(night.value(2, 'Result'));
/** Another release sheet has closed it. */
function holdPayments(): void {
  night.addSheet('release-43');
  night.register('release-43');
  const [headers = []] = night.google.tab('release-43');
  night.google.edit('release-43', night.row(9), headers.indexOf('Status') + 1, [['Go']], MANAGER);
}

it('runs one operation for each member, and is Done when all are proven', () => {
  night.go(2);
  const rowId = night.value(2, 'Operation');
  expect(night.api.received.map(({ operationId, service }) => [operationId, service])).toEqual([
    [`${rowId}_shop`, 'shop'],
    [`${rowId}_payments`, 'payments'],
  ]);
  expect(night.value(2, 'Status')).toBe('Done');
  expect(result()).toContain('Shop is closed to everyone');
  expect(result()).toContain('Payments is closed to everyone');
  expect(night.outbox).toEqual([]);
});

it('is not Done while one member is not proven, and says how each stands', () => {
  night.api.leaks('payments');
  night.go(2);
  expect(night.value(2, 'Status')).toBe('Running');
  expect(result()).toContain('Shop is closed to everyone');
  expect(result()).toContain('Closing Payments');
  night.api.leaks();
  night.minute();
  expect(night.value(2, 'Status')).toBe('Done');
  expect(result()).toContain('Shop is closed to everyone');
  expect(night.outbox).toEqual([]);
});

it('is Failed when one member is refused, and still tells of the other', () => {
  holdPayments();
  night.go(2);
  expect(night.value(2, 'Status')).toBe('Failed');
  expect(result()).toContain('Shop is closed to everyone');
  expect(result()).toContain('Payments is held by another release sheet');
  expect(night.outbox).toEqual([]);
});

it('armed, it runs every member at its time', () => {
  night.status(2, 'Scheduled');
  for (let minute = 0; minute < 6; minute += 1) night.minute();
  expect(night.api.received.map(({ service }) => service)).toEqual(['shop', 'payments']);
  expect(night.value(2, 'Status')).toBe('Done');
  expect(night.outbox).toEqual([]);
});
