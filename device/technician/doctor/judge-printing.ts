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
        ...judgePrinter(subject, answer.printer, here),
        ...judgeBacklog(subject, answer.printer.name, here, answer.waitingJobs ?? 0),
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
          candidates: here ? facts.cups.printers.map(({ uri }) => uri) : [],
        },
      ]
    case 'failed': {
      const local = here ? judgeCups(facts, subject, 'fault') : []
      return local.length > 0
        ? local
        : [{ severity: 'fault', subject, id: 'printer-unreachable', url, detail: answer.detail }]
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

const judgePrinter = (subject: Subject, printer: Printer, here: boolean): Finding[] => {
  const queue = printer.name
  const findings: Finding[] = []
  if (printer.state === 'stopped') {
    findings.push({
      severity: 'fault',
      subject,
      id: 'printer-stopped',
      queue,
      here,
      reasons: printer.reasons,
    })
  }
  if (!printer.acceptsJobs) findings.push({ severity: 'fault', subject, id: 'printer-refusing', queue, here })
  if (printer.errorPolicy !== null && printer.errorPolicy !== WANTED_POLICY) {
    findings.push({ severity: 'warning', subject, id: 'queue-policy', queue, policy: printer.errorPolicy })
  }
  return findings
}

const judgeBacklog = (subject: Subject, queue: string, here: boolean, jobs: number): Finding[] =>
  jobs > 0 ? [{ severity: 'warning', subject, id: 'printer-backlog', queue, here, jobs }] : []
