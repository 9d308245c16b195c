/** A province's answer, made by the rule that the hall reads it by. */
import type { AnswerMeaning, AnswerRule, ProvinceProfile } from '../profile-schema.ts'

export function answerText({ answers }: ProvinceProfile, means: AnswerMeaning, words: string): string {
  const ofThis = answers.rules.filter((rule) => rule.means === means)
  const says = (rule: AnswerRule): boolean => rule.words?.some((word) => words.includes(word)) ?? true
  const fitting = ofThis.find(says) ?? ofThis[0]
  if (fitting === undefined) throw new Error(`this province has no answer that means ${means}`)
  const said = says(fitting) ? words : `${fitting.words?.[0]}：${words}`
  const body: Record<string, unknown> = {}
  for (const [path, value] of Object.entries(fitting.where)) put(body, path, value)
  put(body, answers.message, said)
  return JSON.stringify(body)
}

function put(body: Record<string, unknown>, path: string, value: unknown): void {
  const steps = path.split('/')
  const last = steps.pop() ?? ''
  let at = body
  for (const step of steps) {
    at[step] ??= {}
    at = at[step] as Record<string, unknown>
  }
  at[last] = value
}
