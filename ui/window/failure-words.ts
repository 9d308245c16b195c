import type { Failure } from './clerk-link.svelte.ts'
import type { Words } from './words/words.ts'

export const failureWords = (failure: Failure, { failures }: Words): string => {
  if (failure.seconds !== undefined) return failures['too-many-tries'](failure.seconds)
  const words = Object.entries(failures).find(([code]) => code === failure.code)?.[1]
  return typeof words === 'string' ? words : failures.other
}
