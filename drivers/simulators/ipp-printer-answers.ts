import { hasJobEnded, type JobHabits, type SimulatedJob, type SimulatedJobs } from './ipp-printer-jobs.ts'
import type { PrinterRequest } from './ipp-printer-request.ts'
import { attribute, GROUP, TAG, type WireAttribute, type WireGroup } from './ipp-printer-wire.ts'

export interface AnswerFacts {
  uri: string
  state: 'idle' | 'processing' | 'stopped'
  reasons: string[]
  formats: string[]
  queueTo: string | undefined
}

export interface Answer {
  code: number
  groups: WireGroup[]
}

const STATUS = { ok: 0x0000, badRequest: 0x0400, notPossible: 0x0404, notFound: 0x0406 } as const
/** RFC 8011 §5.4.11 and §5.3.7. */
const PRINTER_STATES = { idle: 3, processing: 4, stopped: 5 } as const
const JOB_STATES = {
  pending: 3,
  processing: 5,
  'processing-stopped': 6,
  canceled: 7,
  aborted: 8,
  completed: 9,
} as const

/** Does what a request asks for and says so. `undefined` was no legal request. */
export function answerTo(
  request: PrinterRequest | undefined,
  jobs: SimulatedJobs,
  facts: AnswerFacts,
): Answer {
  if (request === undefined) return answer(STATUS.badRequest)
  switch (request.operation) {
    case 'Get-Printer-Attributes':
      return answer(STATUS.ok, { tag: GROUP.printer, attributes: printerAttributes(facts, jobs) })
    case 'Print-Job': {
      const { jobName: name, user, document } = request
      return answer(STATUS.ok, jobGroup(jobs.add({ name, user, document }), jobs.habits))
    }
    case 'Get-Jobs': {
      const isWanted = (job: SimulatedJob): boolean =>
        hasJobEnded(job) === (request.which === 'completed') &&
        (!request.mine || ownerOf(job, jobs.habits) === request.user)
      return answer(STATUS.ok, ...jobs.jobs.filter(isWanted).map((job) => jobGroup(job, jobs.habits)))
    }
    case 'Get-Job-Attributes': {
      const job = jobs.find(request.jobId)
      return job === undefined ? answer(STATUS.notFound) : answer(STATUS.ok, jobGroup(job, jobs.habits))
    }
    case 'Cancel-Job': {
      const job = jobs.find(request.jobId)
      if (job === undefined) return answer(STATUS.notFound)
      const done = jobs.cancel(job)
      if (request.purge) jobs.purge(job)
      return answer(done || request.purge ? STATUS.ok : STATUS.notPossible)
    }
  }
}

function answer(code: number, ...groups: WireGroup[]): Answer {
  const operation = [
    attribute('attributes-charset', TAG.charset, 'utf-8'),
    attribute('attributes-natural-language', TAG.language, 'en'),
  ]
  return { code, groups: [{ tag: GROUP.operation, attributes: operation }, ...groups] }
}

function printerAttributes(
  { uri, state, reasons, formats, queueTo }: AnswerFacts,
  { jobs }: SimulatedJobs,
): WireAttribute[] {
  const attributes = [
    attribute('printer-name', TAG.name, 'simulated'),
    attribute('printer-uri-supported', TAG.uri, uri),
    attribute('printer-state', TAG.enum, PRINTER_STATES[state]),
    attribute('printer-state-reasons', TAG.keyword, ...(reasons.length === 0 ? ['none'] : reasons)),
    attribute('printer-is-accepting-jobs', TAG.boolean, true),
    attribute('document-format-supported', TAG.mime, ...formats),
    attribute('queued-job-count', TAG.integer, jobs.filter((job) => !hasJobEnded(job)).length),
    attribute('media-supported', TAG.keyword, 'iso_a4_210x297mm', 'na_letter_8.5x11in'),
    attribute('media-ready', TAG.keyword, 'iso_a4_210x297mm'),
    attribute('sides-supported', TAG.keyword, 'one-sided', 'two-sided-long-edge'),
    attribute('printer-make-and-model', TAG.text, 'Window24 simulated printer'),
  ]
  if (queueTo === undefined) return attributes
  return [
    ...attributes,
    attribute('cups-version', TAG.text, '2.4.2'),
    attribute('device-uri', TAG.uri, queueTo),
    attribute('printer-error-policy', TAG.name, 'abort-job'),
  ]
}

/** As the printer has it; undefined where it keeps none. */
function ownerOf({ user }: SimulatedJob, { owners }: JobHabits): string | undefined {
  if (owners === 'untold') return undefined
  return owners === 'anonymous' ? 'anonymous' : user
}

function jobGroup(job: SimulatedJob, habits: JobHabits): WireGroup {
  const owner = ownerOf(job, habits)
  const attributes = [
    attribute('job-id', TAG.integer, job.id),
    attribute('job-name', TAG.name, job.name),
    ...(owner === undefined ? [] : [attribute('job-originating-user-name', TAG.name, owner)]),
    attribute('job-state', TAG.enum, JOB_STATES[job.state]),
    attribute('job-state-reasons', TAG.keyword, ...(job.reasons.length === 0 ? ['none'] : job.reasons)),
  ]
  const counts = [
    attribute('job-impressions', TAG.integer, job.sides),
    attribute('job-impressions-completed', TAG.integer, job.sidesPrinted),
  ]
  return {
    tag: GROUP.job,
    attributes: habits.manner === 'countless' ? attributes : [...attributes, ...counts],
  }
}
