/** What an event loop stands on: pollers, virtual time. */
@org.jspecify.annotations.NullMarked
package dev.lariat.host;
