package dev.lariat.javafx;

import org.jspecify.annotations.Nullable;

/**
 * A change of an observable value.
 *
 * @param <T> the type of the value
 * @param oldValue the value before; may be null
 * @param newValue the value after; may be null
 */
public record Change<T>(@Nullable T oldValue, @Nullable T newValue) {}
