import type { Requirement } from '../../support/python.ts'

/** Pinned, so that what is tested does not change by itself. The tools of a collection's author are among them. */
export const newest: readonly Requirement[] = [
  'ansible-core==2.19.14',
  'ansible-lint==26.10.1',
  'antsibull-changelog==0.36.0',
]

/** What `meta/runtime.yml` promises to support. */
export const oldest: readonly Requirement[] = ['ansible-core==2.17.14']
