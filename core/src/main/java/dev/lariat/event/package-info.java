/**
 * Events of a toolkit as tasks want them: awaited once, iterated over, handled by a task; and
 * values that change. Each toolkit's own module says where its events come from.
 */
@org.jspecify.annotations.NullMarked
package dev.lariat.event;
