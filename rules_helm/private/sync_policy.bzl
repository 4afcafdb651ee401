"""argocd_sync_policy: the syncPolicy of an Application, with defaults that suit most."""

def argocd_sync_policy(
        automated = True,
        prune = True,
        self_heal = True,
        create_namespace = True,
        pod_security = "restricted",
        namespace_labels = {},
        server_side_apply = True,
        respect_ignore_differences = False,
        options = [],
        retries = 5):
    """A syncPolicy: what is in git is applied, what is gone from git is deleted, what was changed by hand is put right.

    The namespace is made by Argo CD, not by the chart: then it carries the Pod Security label before the first pod comes, two
    applications can share it, and deleting one of them does not delete it.

    Args:
      automated: whether Argo CD applies changes by itself
      prune: whether it deletes what is no longer there
      self_heal: whether it undoes changes that were made by hand
      create_namespace: whether it makes the namespace
      pod_security: the Pod Security Standard that the namespace enforces: restricted, baseline or privileged; "" for no label
      namespace_labels: more labels of the namespace
      server_side_apply: whether resources are applied by the API server, which huge ones (CRDs) need
      respect_ignore_differences: whether ignored differences are also left alone when applying
      options: more sync options, such as "PruneLast=true"
      retries: how often a failed sync is tried again, 5 s to 3 min apart; 0 for never

    Returns:
      a dict, for argocd_app's sync_policy
    """
    if pod_security not in ["restricted", "baseline", "privileged", ""]:
        fail("pod_security: expected restricted, baseline, privileged or \"\", received {}".format(repr(pod_security)))
    policy = {}
    if automated:
        policy["automated"] = {"prune": prune, "selfHeal": self_heal}
    labels = dict(namespace_labels)
    if pod_security:
        labels["pod-security.kubernetes.io/enforce"] = pod_security
    if create_namespace and labels:
        policy["managedNamespaceMetadata"] = {"labels": {key: labels[key] for key in sorted(labels)}}
    said = {
        "CreateNamespace=true": create_namespace,
        "RespectIgnoreDifferences=true": respect_ignore_differences,
        "ServerSideApply=true": server_side_apply,
    }
    chosen = [option for option, wanted in said.items() if wanted] + options
    if chosen:
        policy["syncOptions"] = chosen
    if retries:
        policy["retry"] = {"limit": retries, "backoff": {"duration": "5s", "factor": 2, "maxDuration": "3m"}}
    return policy
