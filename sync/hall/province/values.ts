/** What can be told of a service and of its rating, by this project's own names; profiles name them on the wire. */

export const recordValues = [
  'caseNo',
  'itemCode',
  'handleItem',
  'itemName',
  'deptCode',
  'areaCode',
  'caseState',
  'caseKind',
  'userType',
  'userName',
  'idType',
  'idNumber',
  'phone',
  'handledBy',
  'acceptedAt',
  'finishedAt',
  'promisedDays',
  'serviceName',
  'serviceNumber',
  'servedAt',
  'assessNumber',
  'channel',
  'level',
  'labels',
  'comment',
  'staffId',
  'window',
  'askedAt',
  'capturedAt',
] as const
export type RecordValue = (typeof recordValues)[number]

/** In a province's codes and times already; null or missing where nothing is known. */
export type RecordValues = Partial<Record<RecordValue, string | number | null>>
