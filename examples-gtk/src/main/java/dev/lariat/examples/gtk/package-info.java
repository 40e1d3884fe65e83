/** The programs of PyGObject's page on asyncio, and what it leaves to be done. */
@org.jspecify.annotations.NullMarked
package dev.lariat.examples.gtk;
