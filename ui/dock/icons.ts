/** Lucide icons (ISC licence) that only the bench shows, beside those of shared/icons.ts. */
export { default as building } from 'lucide-static/icons/building-2.svg?raw'
export { default as externalLink } from 'lucide-static/icons/external-link.svg?raw'
export { default as monitor } from 'lucide-static/icons/monitor.svg?raw'
export { default as plug } from 'lucide-static/icons/plug.svg?raw'
export { default as tablet } from 'lucide-static/icons/tablet.svg?raw'
export { default as x } from 'lucide-static/icons/x.svg?raw'
