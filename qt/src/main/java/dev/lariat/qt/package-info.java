/** Qt as the host of an event loop; its signals awaited, its slots as tasks. */
@org.jspecify.annotations.NullMarked
package dev.lariat.qt;
