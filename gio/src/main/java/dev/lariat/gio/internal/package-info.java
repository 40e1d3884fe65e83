/** What the awaitable operations are made of. */
@org.jspecify.annotations.NullMarked
package dev.lariat.gio.internal;
