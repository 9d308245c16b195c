import type { BundleWords } from './bundle-zh.ts'

export const bundleEn: BundleWords = {
  title: 'Support bundle',
  hint: 'One text for whoever supports this software: log, configuration without passwords and tokens, counters, faults and checks. Nobody’s name or number is in it. Read it whole, then decide whether it leaves the device.',
  make: 'Make the bundle',
  again: 'Make it again',
  made: (when, kilobytes) => `Made ${when}, ${kilobytes} kB`,
  reading: 'Reading the whole text',
  unread: 'The text cannot be read. Make it again.',
  text: 'The whole text',
  discard: 'Discard it',
}
