import type { TakeAlongWords } from './take-along-zh.ts'

export const takeAlongEn: TakeAlongWords = {
  save: (label) => `Save on the stick “${label}”`,
  saved: (file) => `${file} is written. The stick can be taken out now.`,
  noStick: 'Plug a USB stick in, and it can be saved here.',
  download: 'Download',
}
