/** The doctor's page: first what is wrong and what to do, then what there is. Read kneeling at a cabinet. */
import type { Facts } from '../../../drivers/discovery/discovery.ts'
import { type Bound, type Finding, isAboutConfiguration, type Subject } from './findings.ts'
import { type Listing, listingsOf } from './lists.ts'
import type { DeviceLook } from './look-at-device.ts'
import { columnsOf, continued, padded, printable, wrapped } from './terminal-text.ts'
import { adviceFor, type Setting, type Step, type Words } from './words.ts'

const COLUMNS = 80
const INDENT = '  '
/** Of a command's second line, deeper than its first. */
const TYPED_INDENT = `${INDENT}${INDENT}    `

export interface Report extends Setting {
  facts: Facts
  findings: readonly Finding[]
  /** What the configuration binds, in its order. */
  bound: readonly Bound[]
  /** Left out where no device was asked for. */
  device?: DeviceLook | null
}

/** The whole text, with a line end behind each line. */
export const pageOf = (report: Report, words: Words): string => {
  const { page } = words
  const { facts, findings, config } = report
  const lines = [
    ...wrapped(
      [page.title, page.judgedFor(facts.user.name), ...(config === null ? [] : [config])].join(' · '),
      COLUMNS,
    ),
    ...wrapped(tally(findings, words), COLUMNS),
    ...(config === null ? wrapped(page.withoutConfiguration, COLUMNS) : []),
    ...bySubject(findings).flatMap((group) => ['', ...groupLines(group, report, words)]),
    ...listingsOf(report, words).flatMap((listing) => ['', ...listingLines(listing, words)]),
  ]
  return lines.map((line) => `${printable(line)}\n`).join('')
}

const tally = (findings: readonly Finding[], { page }: Words): string => {
  const count = (severity: Finding['severity']): number =>
    findings.filter((finding) => finding.severity === severity).length
  const [faults, warnings] = [count('fault'), count('warning')]
  if (faults + warnings > 0) return page.tally(faults, warnings)
  if (findings.some(isAboutConfiguration)) return page.notJudged
  return findings.some(({ id }) => id === 'holders-unseen') ? page.nothingSeen : page.nothingWrong
}

/** Findings about the same thing stand together, under its name. */
const bySubject = (findings: readonly Finding[]): Finding[][] => {
  const groups = Map.groupBy(findings, ({ subject }) => JSON.stringify(subject))
  return [...groups.values()]
}

const groupLines = (group: readonly Finding[], setting: Setting, words: Words): string[] => {
  const [first] = group
  if (first === undefined) return []
  const findings = group.map((finding) => findingLines(finding, setting, words))
  return [...subjectLines(first.subject, words), ...findings.flatMap((lines) => ['', ...lines])]
}

const subjectLines = (subject: Subject, { page, peripherals }: Words): string[] => {
  switch (subject.kind) {
    case 'peripheral': {
      const name = capitalised(peripherals[subject.name])
      const line = `${name} · ${subject.port}`
      return columnsOf(line) <= COLUMNS ? [line] : [name, INDENT + subject.port]
    }
    case 'port':
      return [subject.port]
    case 'machine':
      return [page.machine]
    case 'configuration':
      return wrapped(page.configuration(subject.file), COLUMNS)
    case 'device':
      return wrapped(page.device(subject.dataDir), COLUMNS)
  }
}

const capitalised = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1)

const findingLines = (finding: Finding, setting: Setting, words: Words): string[] => {
  const { what, names = [], stops, todo } = adviceFor(words, finding, setting)
  const { page, severities } = words
  const labels = [...Object.values(severities), page.stops, page.todo].map(columnsOf)
  const width = Math.max(...labels) + INDENT.length
  return [
    ...labelled(severities[finding.severity], width, [what, ...names.map((value) => ({ value }))]),
    ...labelled(page.stops, width, [stops]),
    ...labelled(page.todo, width, typeof todo[0] === 'string' ? todo : [page.run, ...todo]),
  ]
}

/** A label in its own column, and sentences beside it, at least one; what is to be typed or copied has lines of its own below. */
const labelled = (label: string, width: number, steps: readonly Step[]): string[] => {
  const beside = INDENT + ' '.repeat(width)
  const lines = steps.flatMap((step) =>
    typeof step === 'string'
      ? indented(wrapped(step, COLUMNS - beside.length), beside)
      : indented(typedLines(step), INDENT + INDENT),
  )
  const [first = '', ...rest] = lines
  return [INDENT + padded(label, width) + first.slice(beside.length), ...rest]
}

/** Copied whole, so never broken; only a long command goes on in a second line, as a shell lets it. */
const typedLines = (step: Exclude<Step, string>): string[] => {
  if ('value' in step) return [step.value]
  const [first = '', ...rest] = continued(step.command, COLUMNS - TYPED_INDENT.length)
  return [`$ ${first}`, ...rest.map((line) => `    ${line}`)]
}

const indented = (lines: readonly string[], indent: string): string[] => lines.map((line) => indent + line)

const listingLines = ({ title, hint, entries }: Listing, { page }: Words): string[] => [
  ...wrapped(hint === null ? title : `${title} · ${hint}`, COLUMNS),
  ...(entries.length === 0 ? [INDENT + page.none] : []),
  ...entries.flatMap(({ name, says }) => [
    INDENT + name,
    ...indented(wrapped(says.join(' · '), COLUMNS - 2 * INDENT.length), INDENT + INDENT),
  ]),
]
