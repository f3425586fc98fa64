/**
 * What much state costs: memory a key, a checkpoint of a few changes, and a restart. Imports the
 * public API of Arrowmill.
 */
@NullMarked
package io.arrowmill.benchmarks.state;

import org.jspecify.annotations.NullMarked;
