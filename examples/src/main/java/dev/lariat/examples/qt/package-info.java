/** Programs on Qt: the examples of PySide6's QtAsyncio, and one without a window. */
@org.jspecify.annotations.NullMarked
package dev.lariat.examples.qt;
