import type { BoundPort } from '../../../drivers/discovery/bound-ports.ts'
import type { Facts } from '../../../drivers/discovery/discovery.ts'
import type { Printer } from '../../../drivers/discovery/printers.ts'
import type { Finding, Subject } from './findings.ts'

/** A job that failed must not wait in a queue: it would print at refill, for nobody (field row 14). */
const WANTED_POLICY = 'abort-job'

export const judgeBoundPrinter = (
  facts: Facts,
  subject: Subject,
  { url, ofThisMachine: here, answer }: Extract<BoundPort, { kind: 'ipp' }>,
): Finding[] => {
  switch (answer.state) {
    case 'answering':
      return [
        ...judgePrinter(
          subject,
          answer.printer,
          { here, host: new URL(url).hostname },
          answer.waitingJobs ?? [],
        ),
        ...(here && facts.cups.keepsFiles === true
          ? [{ severity: 'warning', subject, id: 'cups-keeps-files' } as const]
          : []),
      ]
    case 'absent':
      return [
        {
          severity: 'fault',
          subject,
          id: 'printer-absent',
          url,
          here,
          queue: here ? queueIn(url) : null,
          candidates: here ? facts.cups.printers.map(({ uri }) => uri) : [],
        },
      ]
    case 'failed': {
      const local = here ? judgeCups(facts, subject, 'fault') : []
      return local.length > 0
        ? local
        : [
            {
              severity: 'fault',
              subject,
              id: 'printer-unreachable',
              url,
              trouble: answer.trouble,
              detail: answer.detail,
            },
          ]
    }
  }
}

/** CUPS itself, as far as it does not answer. */
export const judgeCups = ({ cups }: Facts, subject: Subject, severity: 'fault' | 'warning'): Finding[] => {
  switch (cups.state) {
    case 'answering':
      return []
    case 'down':
      return [{ severity, subject, id: 'cups-down' }]
    case 'silent':
      return [{ severity, subject, id: 'cups-silent' }]
    case 'not-installed':
      // A machine that prints no pages needs no CUPS.
      return severity === 'fault' ? [{ severity, subject, id: 'cups-absent' }] : []
  }
}

const judgePrinter = (
  subject: Subject,
  printer: Printer,
  server: { here: boolean; host: string },
  jobs: readonly number[],
): Finding[] => {
  const at = { queue: printer.name, ...server }
  const findings: Finding[] = []
  // Told once: a printer that stands is not set going before its backlog is cleared.
  if (printer.state === 'stopped')
    findings.push({
      severity: 'fault',
      subject,
      id: 'printer-stopped',
      ...at,
      reasons: printer.reasons,
      jobs,
    })
  else if (jobs.length > 0)
    findings.push({ severity: 'warning', subject, id: 'printer-backlog', ...at, jobs })
  if (!printer.acceptsJobs) findings.push({ severity: 'fault', subject, id: 'printer-refusing', ...at })
  if (printer.errorPolicy !== null && printer.errorPolicy !== WANTED_POLICY) {
    findings.push({ severity: 'warning', subject, id: 'queue-policy', ...at, policy: printer.errorPolicy })
  }
  return findings
}

/** A name that lpadmin takes, and that is no option: letters of any script, digits and a few marks. */
const QUEUE_PATH = /^\/printers\/([\p{L}\p{N}][\p{L}\p{N}_.+-]*)$/u

/** The queue that a CUPS address names, null when it names none. */
const queueIn = (url: string): string | null => {
  try {
    return QUEUE_PATH.exec(decodeURIComponent(new URL(url).pathname))?.[1] ?? null
  } catch (error) {
    if (error instanceof URIError) return null
    throw error
  }
}
