package org.atelier.common.api;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Some of the jobs that a query found, newest first.
 *
 * @param jobs       this page
 * @param nextCursor what to ask for the next page with; absent on the last
 */
public record JobPage(List<JobView> jobs, @Nullable String nextCursor) {}
