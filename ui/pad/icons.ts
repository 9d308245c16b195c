/** Lucide icons (ISC licence) that only the pad shows, beside those of shared/icons.ts. */
export { default as pause } from 'lucide-static/icons/pause.svg?raw'
export { default as star } from 'lucide-static/icons/star.svg?raw'
