/** Words for what is wrong in a configuration file: one line a fault, each with its path. */
import type { z } from 'zod'

type Issue = z.core.$ZodIssue

/** At more wrong letters than this, a suggestion would be a guess. */
const SUGGESTION_DISTANCE = 2

const ARTICLES: Record<string, string> = {
  string: 'a text in quotes',
  number: 'a number',
  object: 'an object in braces',
  array: 'a list in brackets',
}

const UNITS: Record<string, string> = { string: ' characters', array: ' entries' }

/** `schema` is asked which keys it knows, for "did you mean". */
export const describeFaults = (issues: readonly Issue[], schema: z.core.$ZodType): string[] =>
  issues.flatMap((issue) => describe(issue, schema))

const describe = (issue: Issue, schema: z.core.$ZodType): string[] => {
  const at = pathOf(issue.path)
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => {
        const near = nearest(key, knownKeys(schema, issue.path))
        return `${pathOf([...issue.path, key])}: unknown key${near === null ? '; take it out' : `; did you mean ${near}?`}`
      })
    case 'invalid_type':
      return issue.input === undefined && issue.message.includes('undefined')
        ? [`${at}: missing; give ${ARTICLES[issue.expected] ?? issue.expected}`]
        : [`${at}: must be ${ARTICLES[issue.expected] ?? issue.expected}`]
    case 'invalid_value':
      return [`${at}: must be ${oneOf(issue.values)}`]
    case 'invalid_union':
      return [`${at}: ${'options' in issue ? `must be ${oneOf(issue.options)}` : issue.message}`]
    case 'too_small':
      return [
        `${at}: ${issue.origin === 'number' ? 'is' : 'has'} less than ${issue.minimum}${UNITS[issue.origin] ?? ''}`,
      ]
    case 'too_big':
      return [
        `${at}: ${issue.origin === 'number' ? 'is' : 'has'} more than ${issue.maximum}${UNITS[issue.origin] ?? ''}`,
      ]
    default:
      return [`${at}: ${issue.message}`]
  }
}

const oneOf = (values: readonly unknown[]): string =>
  values.map((value) => JSON.stringify(value)).join(' or ')

const pathOf = (path: readonly PropertyKey[]): string => {
  if (path.length === 0) return 'the file'
  return path
    .map((part, index) =>
      typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`,
    )
    .join('')
}

interface Inner {
  def: { type: string; innerType?: Inner; in?: Inner; element?: Inner; options?: Inner[] }
  shape?: Record<string, Inner>
}

const unwrap = (schema: Inner): Inner => {
  const inner = schema.def.innerType ?? schema.def.in
  return inner === undefined ? schema : unwrap(inner)
}

const knownKeys = (root: z.core.$ZodType, path: readonly PropertyKey[]): string[] => {
  let schemas = branchesOf(root as unknown as Inner)
  for (const part of path) {
    schemas = schemas.flatMap(({ def, shape }) => {
      const next = typeof part === 'number' ? def.element : shape?.[String(part)]
      return next === undefined ? [] : branchesOf(next)
    })
  }
  return schemas.flatMap(({ shape }) => Object.keys(shape ?? {}))
}

/** What a schema is beneath its defaults and transforms: one, or each of a union. */
const branchesOf = (schema: Inner): Inner[] => {
  const inner = unwrap(schema)
  return inner.def.options?.flatMap(branchesOf) ?? [inner]
}

const nearest = (key: string, candidates: readonly string[]): string | null => {
  const ranked = candidates
    .map((candidate) => ({ candidate, distance: editDistance(key.toLowerCase(), candidate.toLowerCase()) }))
    .sort((one, other) => one.distance - other.distance)
  const best = ranked[0]
  return best !== undefined && best.distance <= SUGGESTION_DISTANCE ? best.candidate : null
}

/** Levenshtein's, a row at a time. */
const editDistance = (one: string, other: string): number => {
  let row = Array.from({ length: other.length + 1 }, (_, column) => column)
  for (const [index, letter] of [...one].entries()) {
    const next = [index + 1]
    for (const [column, otherLetter] of [...other].entries()) {
      const kept = (row[column] ?? 0) + (letter === otherLetter ? 0 : 1)
      next.push(Math.min(kept, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1))
    }
    row = next
  }
  return row[other.length] ?? 0
}
