/** The pages that are there, one a room: a room's folder of words and parts comes with its page. */
import type { Component } from 'svelte'
import type { PageProps, Room } from './page-props.ts'

const found: Record<string, Component<never>> = import.meta.glob('./pages/*.svelte', {
  eager: true,
  import: 'default',
})

/** Null where these pages were built without it. */
export const pageOf = <R extends Room>(room: R): Component<PageProps<R>> | null =>
  (found[`./pages/${room}.svelte`] as Component<PageProps<R>> | undefined) ?? null
