/** The version of the JSON documents and events; callers refuse another one. Raised by incompatible changes. */
export const protocol = 1
