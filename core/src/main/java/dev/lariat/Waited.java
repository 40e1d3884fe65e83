package dev.lariat;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@code wait} returns.
 *
 * @param done the futures that are done, in the order they were given
 * @param pending the others
 * @param <T> the type of the values
 */
public record Waited<T extends @Nullable Object>(
    Set<Future<? extends T>> done, Set<Future<? extends T>> pending) {}
