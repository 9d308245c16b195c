import { GROUP, TAG, type WireAttribute, type WireMessage } from './ipp-printer-wire.ts'

/** What a driver may ask of the simulated printer, once its message has been found to be legal. */
export type PrinterRequest =
  | { operation: 'Print-Job'; user: string; jobName: string; document: Uint8Array }
  | { operation: 'Cancel-Job'; user: string; jobId: number; purge: boolean }
  | { operation: 'Get-Job-Attributes'; user: string; jobId: number }
  | { operation: 'Get-Jobs'; user: string; which: string; mine: boolean }
  | { operation: 'Get-Printer-Attributes'; user: string }

export type PrinterOperation = PrinterRequest['operation']

/** RFC 8011 §5.4.15. */
const OPERATIONS: ReadonlyMap<number, PrinterOperation> = new Map([
  [0x02, 'Print-Job'],
  [0x08, 'Cancel-Job'],
  [0x09, 'Get-Job-Attributes'],
  [0x0a, 'Get-Jobs'],
  [0x0b, 'Get-Printer-Attributes'],
] as const)

/** Undefined for what this printer does not do. */
export function operationOf(code: number): PrinterOperation | undefined {
  return OPERATIONS.get(code)
}

/** The tag that each attribute of a request must have (RFC 8011 §4). */
const TAGS: ReadonlyMap<string, number> = new Map([
  ['attributes-charset', TAG.charset],
  ['attributes-natural-language', TAG.language],
  ['printer-uri', TAG.uri],
  ['job-id', TAG.integer],
  ['requesting-user-name', TAG.name],
  ['job-name', TAG.name],
  ['document-format', TAG.mime],
  ['requested-attributes', TAG.keyword],
  ['which-jobs', TAG.keyword],
  ['my-jobs', TAG.boolean],
  ['purge-job', TAG.boolean],
  ['media', TAG.keyword],
])

const LEGAL_VERSIONS = [0x0101, 0x0200]
const A4 = 'iso_a4_210x297mm'
/** Names are shown on panels and logged by print servers. */
const NAME_PATTERN = /^window24[0-9a-f-]*$/

/** Reads a legal request, or says everything that a strict printer has against it. */
export function readRequest(
  message: WireMessage,
  printerPath: string,
): { ok: true; request: PrinterRequest } | { ok: false; faults: string[] } {
  const faults: string[] = []
  const operation = operationOf(message.code)
  if (!LEGAL_VERSIONS.includes(message.version)) faults.push('a version that is neither 1.1 nor 2.0')
  if (message.requestId <= 0) faults.push('a request id that is not positive')
  const [first, ...others] = message.groups
  if (first?.tag !== GROUP.operation) faults.push('the first group is not that of the operation')
  const attributes = first?.attributes ?? []
  const order = attributes.slice(0, 3).map(({ name }) => name)
  if (order.join() !== 'attributes-charset,attributes-natural-language,printer-uri')
    faults.push(`charset, language and printer-uri must come first, not ${order.join(', ')}`)
  for (const { name, tag } of message.groups.flatMap((group) => group.attributes)) {
    if (TAGS.get(name) !== tag)
      faults.push(`${name} is unknown or of another syntax (tag ${tag.toString(16)})`)
  }
  const get = (name: string): string | undefined => textOf(attributes.find((one) => one.name === name))
  if (get('attributes-charset') !== 'utf-8') faults.push('a charset that is not utf-8')
  if (!URL.canParse(get('printer-uri') ?? '') || new URL(get('printer-uri') ?? '').pathname !== printerPath)
    faults.push('a printer-uri that names no printer here')
  const user = get('requesting-user-name') ?? ''
  if (!NAME_PATTERN.test(user)) faults.push('a user name that is not generic')
  const request = operation && readOperation(operation, { message, attributes, user, others, faults })
  if (operation === undefined) faults.push(`operation ${message.code.toString(16)}`)
  return request === undefined || faults.length > 0 ? { ok: false, faults } : { ok: true, request }
}

interface Reading {
  message: WireMessage
  attributes: readonly WireAttribute[]
  user: string
  others: readonly { tag: number; attributes: readonly WireAttribute[] }[]
  faults: string[]
}

function readOperation(operation: PrinterOperation, reading: Reading): PrinterRequest {
  const { message, user, faults } = reading
  const find = (name: string): WireAttribute | undefined =>
    reading.attributes.find((one) => one.name === name)
  const isTrue = (name: string): boolean => find(name)?.values[0]?.[0] === 1
  if (operation !== 'Print-Job' && message.document.length > 0) faults.push('bytes behind the message')
  switch (operation) {
    case 'Print-Job': {
      const jobName = textOf(find('job-name')) ?? ''
      if (!NAME_PATTERN.test(jobName)) faults.push('a job name that is not generic')
      if (textOf(find('document-format')) !== 'application/pdf') faults.push('a format that is not PDF')
      if (Buffer.from(message.document.subarray(0, 5)).toString('latin1') !== '%PDF-')
        faults.push('a document that is no PDF')
      const template = reading.others.find((group) => group.tag === GROUP.job)
      if (textOf(template?.attributes.find((one) => one.name === 'media')) !== A4) faults.push('no A4')
      return { operation, user, jobName, document: message.document }
    }
    case 'Cancel-Job':
    case 'Get-Job-Attributes': {
      const value = find('job-id')?.values[0]
      if (value?.length !== 4) faults.push('no job-id')
      const jobId = value?.length === 4 ? value.readInt32BE() : 0
      return operation === 'Cancel-Job'
        ? { operation, user, jobId, purge: isTrue('purge-job') }
        : { operation, user, jobId }
    }
    case 'Get-Jobs':
      return {
        operation,
        user,
        which: textOf(find('which-jobs')) ?? 'not-completed',
        mine: isTrue('my-jobs'),
      }
    case 'Get-Printer-Attributes':
      return { operation, user }
  }
}

function textOf(attribute: WireAttribute | undefined): string | undefined {
  return attribute?.values[0]?.toString('utf8')
}
