/** Work on more than one machine, with Hazelcast: the code of docs/cluster.md. */
@org.jspecify.annotations.NullMarked
package dev.lariat.examples.cluster;
