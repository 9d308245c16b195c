/** Lucide (ISC licence), as in ../shared/icons.ts: what only the guides need. */
export { default as letters } from 'lucide-static/icons/arrow-down-a-z.svg?raw'
export { default as lifeEvents } from 'lucide-static/icons/calendar-heart.svg?raw'
export { default as notice } from 'lucide-static/icons/clipboard-list.svg?raw'
export { default as blankForm } from 'lucide-static/icons/file-pen-line.svg?raw'
export { default as offices } from 'lucide-static/icons/landmark.svg?raw'
export { default as search } from 'lucide-static/icons/search.svg?raw'
