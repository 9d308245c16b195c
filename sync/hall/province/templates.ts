/** Texts and JSON with places to fill: how a profile says where in an envelope everything stands. */
import { z } from 'zod'

export const placeholders = [
  'payload',
  'signature',
  'timestamp',
  'nonce',
  'appKey',
  'secret',
  'path',
] as const
export type Placeholder = (typeof placeholders)[number]
export type Filling = Partial<Record<Placeholder, unknown>>

export type TemplateValue = string | TemplateValue[] | { [key: string]: TemplateValue }

/** Strings, lists and objects: a number or a flag of an envelope would be a field of a record. */
export const TemplateValue: z.ZodType<TemplateValue> = z.lazy(() =>
  z.union([z.string(), z.array(TemplateValue), z.record(z.string(), TemplateValue)]),
)

const PLACE = /\{(\w+)\}/g
const WHOLE = /^\{(\w+)\}$/

const isPlaceholder = (name: string): name is Placeholder =>
  (placeholders as readonly string[]).includes(name)

/** null when braces hold a name that is none. */
export function placeholdersIn(text: string): Placeholder[] | null {
  const names = [...text.matchAll(PLACE)].map(([, name = '']) => name)
  return names.every(isPlaceholder) ? names : null
}

/** Every place of a text, filled. */
export function fillText(template: string, filling: Filling): string {
  return template.replace(PLACE, (place, name: string) =>
    isPlaceholder(name) && filling[name] !== undefined ? String(filling[name]) : place,
  )
}

/** A string that is one place and nothing else becomes what is filled in, whatever its type. */
export function fillTemplate(template: TemplateValue, filling: Filling): unknown {
  if (typeof template === 'string') {
    const [, name = ''] = WHOLE.exec(template) ?? []
    if (isPlaceholder(name) && filling[name] !== undefined) return filling[name]
    return fillText(template, filling)
  }
  if (Array.isArray(template)) return template.map((part) => fillTemplate(part, filling))
  return Object.fromEntries(Object.entries(template).map(([key, part]) => [key, fillTemplate(part, filling)]))
}

/**
 * What stands in a template's places: the other way round, for who receives.
 * @returns null when `value` was not made by this template
 */
export function readTemplate(template: TemplateValue, value: unknown): Filling | null {
  if (typeof template === 'string') {
    const [, name = ''] = WHOLE.exec(template) ?? []
    if (isPlaceholder(name)) return value === undefined ? null : { [name]: value }
    return template === value ? {} : null
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value) !== Array.isArray(template))
    return null
  const parts = Object.entries(template)
  if (Object.keys(value).length !== parts.length) return null
  const read: Filling = {}
  for (const [key, part] of parts) {
    const found = readTemplate(part, (value as Record<string, unknown>)[key])
    if (found === null) return null
    Object.assign(read, found)
  }
  return read
}
