import ipp from '@sealsystems/ipp'
import { isIppMessage } from './grammar.ts'

/** What this house says in IPP (RFC 8011, and the extensions of CUPS) and what it understands of the answers. */
export type IppRequest =
  | { operation: 'Get-Printer-Attributes' }
  /** The document's bytes follow the message. */
  | { operation: 'Print-Job'; jobName: string }
  | { operation: 'Get-Job-Attributes'; jobId: number }
  /** Ended jobs of this user; waiting ones of everybody, for some printers do not know whose a job is. */
  | { operation: 'Get-Jobs'; which: 'completed' | 'not-completed' }
  /** `purge` is for CUPS: the job's files and its entry in the history go too. */
  | { operation: 'Cancel-Job'; jobId: number; purge?: boolean }
  | { operation: 'CUPS-Get-Printers' }

/** Who asks, of whom. */
export interface IppAddress {
  printerUri: string
  user: string
}

export type JobState =
  | 'pending'
  | 'pending-held'
  | 'processing'
  | 'processing-stopped'
  | 'canceled'
  | 'aborted'
  | 'completed'
  | 'unknown'

/** RFC 8011 §5.3. Impressions are sides of paper; a printer that does not count says nothing or 0. */
export interface JobFacts {
  id: number
  name: string | undefined
  user: string | undefined
  state: JobState
  reasons: string[]
  impressions: number | undefined
  impressionsCompleted: number | undefined
  sheetsCompleted: number | undefined
}

/** RFC 8011 §5.4. Free text, such as printer-state-message, is not read: it may name somebody else's document. */
export interface PrinterFacts {
  name: string | undefined
  uri: string | undefined
  state: 'idle' | 'processing' | 'stopped' | 'unknown'
  reasons: string[]
  acceptsJobs: boolean
  formats: string[]
  media: string[]
  /** What lies in its trays now, where it looks; by PWG 5101.1. */
  mediaReady: string[]
  /** `one-sided`, `two-sided-long-edge`…; empty where it is not told. */
  sides: string[]
  /** Maker and model in its own words. */
  model: string | undefined
  /** Jobs of everybody that have not ended; undefined where it is not told. */
  queuedJobs: number | undefined
  /** Of a CUPS queue only. */
  cups: { version: string; deviceUri: string | undefined; errorPolicy: string | undefined } | undefined
}

export interface IppAnswer {
  requestId: number
  /** RFC 8011 appendix B: below 0100 is a success. */
  status: number
  statusWord: string
  printers: PrinterFacts[]
  jobs: JobFacts[]
}

const PRINTER_ATTRIBUTES = [
  'printer-name',
  'printer-uri-supported',
  'printer-state',
  'printer-state-reasons',
  'printer-is-accepting-jobs',
  'document-format-supported',
  'media-supported',
  'media-ready',
  'sides-supported',
  'printer-make-and-model',
  'queued-job-count',
  'cups-version',
  'device-uri',
  'printer-error-policy',
]

const JOB_ATTRIBUTES = [
  'job-id',
  'job-name',
  'job-originating-user-name',
  'job-state',
  'job-state-reasons',
  'job-impressions',
  'job-impressions-completed',
  'job-media-sheets-completed',
]

export const PDF_FORMAT = 'application/pdf'
/** PWG 5101.1. Printers default to Letter as often as not, so it is always asked for. */
export const A4_MEDIA = 'iso_a4_210x297mm'
/** A keyword is at most 255 bytes (RFC 8011 §5.1.4); a printer that lists more reasons than this is not read on. */
const MAX_KEYWORD_LENGTH = 255
const MAX_KEYWORDS = 512
const KEYWORD_PATTERN = /^[\w.+/-]+$/
const BOOLEAN_TAG = 0x22
const FIRST_FAILURE = 0x0100

type Attributes = Record<string, unknown>

// The codec leaves out what its tables lack, and they lack this attribute of CUPS (Cancel-Job, CUPS 1.2).
const operationTable = ipp.attributes.Operation
if (operationTable) operationTable['purge-job'] = { type: 'boolean', tag: BOOLEAN_TAG }

/** One request's message. `requestId` comes back in the answer. */
export function encodeRequest(request: IppRequest, address: IppAddress, requestId: number): Uint8Array {
  // RFC 8011 §4.1.4 and §4.1.5: charset, language and target come first, in this order.
  const operation: Attributes = { 'attributes-charset': 'utf-8', 'attributes-natural-language': 'en' }
  // Queues of a whole CUPS have no target.
  if (request.operation !== 'CUPS-Get-Printers') operation['printer-uri'] = address.printerUri
  if ('jobId' in request) operation['job-id'] = request.jobId
  operation['requesting-user-name'] = address.user
  return ipp.serialize({
    version: '2.0',
    operation: request.operation,
    id: requestId,
    'operation-attributes-tag': { ...operation, ...ownAttributes(request) },
    ...(request.operation === 'Print-Job' ? { 'job-attributes-tag': { media: A4_MEDIA } } : {}),
  })
}

function ownAttributes(request: IppRequest): Attributes {
  switch (request.operation) {
    case 'Get-Printer-Attributes':
    case 'CUPS-Get-Printers':
      return { 'requested-attributes': PRINTER_ATTRIBUTES }
    case 'Print-Job':
      return { 'job-name': request.jobName, 'document-format': PDF_FORMAT }
    case 'Get-Job-Attributes':
      return { 'requested-attributes': JOB_ATTRIBUTES }
    case 'Get-Jobs':
      return {
        'my-jobs': request.which === 'completed',
        'which-jobs': request.which,
        'requested-attributes': JOB_ATTRIBUTES,
      }
    case 'Cancel-Job':
      return request.purge === true ? { 'purge-job': true } : {}
  }
}

/** Reads an answer; undefined when the bytes are none. Never throws, and unknown attributes are no fault. */
export function decodeAnswer(bytes: Uint8Array): IppAnswer | undefined {
  if (!isIppMessage(bytes)) return undefined
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const status = buffer.readUInt16BE(2)
  try {
    const message = ipp.parse(buffer)
    return {
      requestId: buffer.readInt32BE(4),
      status,
      statusWord: message.statusCode ?? `status ${status.toString(16).padStart(4, '0')}`,
      printers: groups(message['printer-attributes-tag']).map(readPrinter),
      jobs: groups(message['job-attributes-tag'])
        .map(readJob)
        .filter((job) => job !== undefined),
    }
  } catch {
    // Collections that end elsewhere than they should: the grammar keeps the parser alive, not content.
    return undefined
  }
}

export function isSuccess(answer: IppAnswer): boolean {
  return answer.status < FIRST_FAILURE
}

function groups(group: Attributes | Attributes[] | undefined): Attributes[] {
  if (group === undefined) return []
  return Array.isArray(group) ? group : [group]
}

function readPrinter(attributes: Attributes): PrinterFacts {
  const state = attributes['printer-state']
  const version = text(attributes['cups-version'])
  return {
    name: text(attributes['printer-name']),
    uri: keywords(attributes['printer-uri-supported'], false)[0],
    state: state === 'idle' || state === 'processing' || state === 'stopped' ? state : 'unknown',
    reasons: keywords(attributes['printer-state-reasons']).filter((reason) => reason !== 'none'),
    acceptsJobs: attributes['printer-is-accepting-jobs'] !== false,
    formats: keywords(attributes['document-format-supported']),
    media: keywords(attributes['media-supported']),
    mediaReady: keywords(attributes['media-ready']),
    sides: keywords(attributes['sides-supported']),
    model: text(attributes['printer-make-and-model']),
    queuedJobs: count(attributes['queued-job-count']),
    cups:
      version === undefined
        ? undefined
        : {
            version,
            deviceUri: text(attributes['device-uri']),
            errorPolicy: text(attributes['printer-error-policy']),
          },
  }
}

const JOB_STATES: readonly unknown[] = [
  'pending',
  'pending-held',
  'processing',
  'processing-stopped',
  'canceled',
  'aborted',
  'completed',
]

const isJobState = (value: unknown): value is JobState => JOB_STATES.includes(value)

/** A job without its number cannot be followed. */
function readJob(attributes: Attributes): JobFacts | undefined {
  const id = count(attributes['job-id'])
  if (id === undefined) return undefined
  const state = attributes['job-state']
  return {
    id,
    name: text(attributes['job-name']),
    user: text(attributes['job-originating-user-name']),
    state: isJobState(state) ? state : 'unknown',
    reasons: keywords(attributes['job-state-reasons']).filter((reason) => reason !== 'none'),
    impressions: count(attributes['job-impressions']),
    impressionsCompleted: count(attributes['job-impressions-completed']),
    sheetsCompleted: count(attributes['job-media-sheets-completed']),
  }
}

/** The codec puts a value's language before it. */
const LANGUAGE_SEPARATOR = '\u001e'

function text(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined
  return value.slice(value.lastIndexOf(LANGUAGE_SEPARATOR) + 1)
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : undefined
}

/** Only what looks like a keyword: these words are shown to technicians and logged. */
function keywords(value: unknown, plain = true): string[] {
  const values: unknown[] = Array.isArray(value) ? value : [value]
  return values
    .slice(0, MAX_KEYWORDS)
    .filter((one): one is string => typeof one === 'string' && one.length <= MAX_KEYWORD_LENGTH)
    .filter((one) => !plain || KEYWORD_PATTERN.test(one))
}
