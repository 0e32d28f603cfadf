# Your own web ACL, with Drawbridge's rule group of the service "shop" first. It reserves 250 WCU of the web ACL's.
# Same account and region as the switch stack; for CloudFront, scope CLOUDFRONT with a provider in us-east-1.
data "aws_wafv2_rule_group" "drawbridge_shop" {
  name  = "drawbridge-production_shop"
  scope = "REGIONAL"
}

resource "aws_wafv2_web_acl" "shop" {
  name  = "shop"
  scope = "REGIONAL"

  default_action {
    allow {}
  }

  rule {
    name = "drawbridge"
    # Lower than every other: an allow before it would let visitors past a closed door.
    priority = 0

    statement {
      rule_group_reference_statement {
        arn = data.aws_wafv2_rule_group.drawbridge_shop.arn
      }
    }

    # Never count: then WAF would count whom the group blocks, and let them in.
    override_action {
      none {}
    }

    visibility_config {
      sampled_requests_enabled   = true
      cloudwatch_metrics_enabled = true
      metric_name                = "drawbridge"
    }
  }

  # Your own rules, from priority 1 on.

  visibility_config {
    sampled_requests_enabled   = true
    cloudwatch_metrics_enabled = true
    metric_name                = "shop"
  }
}
